"""The addresses of all pages."""

from __future__ import annotations

from django.urls import path, re_path

from wellfounded.web.pages import (
    about,
    areas,
    challenges,
    conclusions,
    editions,
    files,
    front,
    indicators,
    priorities,
    search,
    sources,
    workshops,
)
from wellfounded.web.pages.consultation_staff import urls as consultation_staff
from wellfounded.web.pages.engagement import urls as engagement
from wellfounded.web.pages.respond import urls as respond
from wellfounded.web.pages.staff import urls as staff

DOCUMENT = r"^(?P<name>(summary|pack|presentation)\.(pdf|html|docx|pptx)|document\.css|manifest\.json)$"

urlpatterns = [
    path("", front.front),
    path("conclusions", conclusions.listing),
    re_path(r"^conclusions/(?P<identifier>[^/]+)\.json$", conclusions.as_json),
    path("conclusions/<str:identifier>", conclusions.one),
    path("indicators", indicators.listing),
    re_path(r"^indicators/(?P<identifier>[^/]+)\.csv$", indicators.as_csv),
    path("indicators/<str:identifier>", indicators.one),
    path("areas", areas.listing),
    path("areas/<str:identifier>", areas.one),
    path("priorities", priorities.listing),
    path("priorities/weights", priorities.own_weights),
    path("priorities/<str:identifier>", priorities.one),
    path("impact/<str:identifier>", priorities.impact),
    path("workshops/<str:token>", workshops.one),
    path("staff/priorities", workshops.listing),
    path("grand-challenges", challenges.listing),
    path("grand-challenges/<str:identifier>", challenges.one),
    path("sources", sources.listing),
    path("sources/<str:identifier>", sources.one),
    path("search", search.search),
    path("downloads", files.downloads),
    path("about", about.about),
    path("about/methods", about.method_list),
    path("about/methods/<str:identifier>", about.method),
    path("accessibility", about.accessibility),
    path("privacy", about.privacy),
    path("charts/<str:name>", files.chart),
    path("data/<str:name>", files.data),
    re_path(DOCUMENT, files.document),
    path("editions", editions.listing),
    re_path(r"^editions/latest(?P<rest>/.*)?$", editions.latest),
    path("editions/<int:number>", editions.one),
    path("editions/<int:number>/archive.zip", editions.archive),
    path("editions/<int:number>/changes", editions.changes),
    path("editions/<int:number>/changes/<int:since>", editions.changes),
    re_path(r"^editions/(?P<number>\d{1,6})/(?P<rest>.+)$", editions.within),
    path("brand.css", files.brand_css),
    path("icon.svg", files.icon),
    path("favicon.ico", files.icon),  # what browsers ask for where a page names no icon
    path("robots.txt", files.robots),
    re_path(r"^(?P<name>[A-Za-z0-9_./-]+\.(svg|png))$", files.logo),
    *staff.urlpatterns,
    *consultation_staff.urlpatterns,
    *engagement.urlpatterns,
    *respond.urlpatterns,
    path("<slug:identifier>", front.chapter),  # chapters: their ids are the publication's
]
