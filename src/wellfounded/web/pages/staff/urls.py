"""The addresses of the staff pages that every installation has."""

from __future__ import annotations

from django.urls import path

from wellfounded.web.pages.staff import editions, home, signing_in

urlpatterns = [
    path("staff", home.home),
    path("staff/sign-in", signing_in.sign_in),
    path("staff/sign-out", signing_in.sign_out),
    path("staff/t/<str:token>", signing_in.use_link),
    path("staff/editions", editions.freezing),
    path("staff/editions/progress", editions.progress),
    path("staff/jobs", home.job_list),
    path("staff/record", home.record),
    path("staff/mail", home.mail),
]
