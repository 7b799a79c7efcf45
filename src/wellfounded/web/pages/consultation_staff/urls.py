"""The addresses of triage."""

from __future__ import annotations

from django.urls import path

from wellfounded.web.pages.consultation_staff import answer, coding, export, groups, home, mail, one, putting_in

urlpatterns = [
    path("staff/responses", home.home),
    path("staff/responses/next", home.following),
    path("staff/responses/sign-off", home.sign_off),
    path("staff/responses/queue/<str:name>", home.queue),
    path("staff/responses/files", export.files),
    path("staff/responses/letter", putting_in.letter),
    path("staff/responses/spreadsheet", putting_in.spreadsheet),
    path("staff/responses/mail", mail.mailbox),
    path("staff/responses/mail/<int:pk>", mail.message),
    path("staff/responses/mail/<int:pk>/original", mail.original),
    path("staff/responses/campaigns", groups.campaigns),
    path("staff/responses/campaigns/<int:pk>", groups.campaign),
    path("staff/responses/themes", groups.themes),
    path("staff/responses/themes/<int:pk>", groups.theme),
    path("staff/responses/coding", coding.samples),
    path("staff/responses/coding/<int:pk>", coding.sample),
    path("staff/responses/about/<str:about>", answer.subject),
    path("staff/responses/about/<str:about>/<str:target>", answer.subject),
    path("staff/responses/<str:reference>", one.one),
    path("staff/responses/<str:reference>/files/<int:pk>", one.file),
]
