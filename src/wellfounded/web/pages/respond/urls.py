"""The addresses of the consultation's public pages."""

from __future__ import annotations

from django.urls import path

from wellfounded.web.pages.respond import about, mine, published, said, sent, steps

urlpatterns = [
    path("respond", steps.begin),
    path("respond/about/<slug:kind>/<str:identifier>", about.about),
    path("respond/sent", sent.none),
    path("respond/sent/<str:token>", sent.sent),
    path("respond/d/<str:token>", steps.tasks),
    path("respond/d/<str:token>/you", steps.you),
    path("respond/d/<str:token>/questions", steps.questions),
    path("respond/d/<str:token>/chapters/<str:identifier>", steps.chapter),
    path("respond/d/<str:token>/conclusions/<str:identifier>", steps.conclusion),
    path("respond/d/<str:token>/ideas/<slug:kind>/<str:identifier>", steps.idea),
    path("respond/d/<str:token>/files", steps.files),
    path("respond/d/<str:token>/publishing", steps.publishing),
    path("respond/d/<str:token>/later", steps.later),
    path("respond/d/<str:token>/delete", steps.delete),
    path("respond/d/<str:token>/check", steps.check),
    path("responses", published.listing),
    path("responses.csv", published.as_csv),
    path("responses/<str:token>", mine.mine),
    path("you-said", said.page),
    path("you-said.pdf", said.as_pdf),
    path("you-said.docx", said.as_word),
]
