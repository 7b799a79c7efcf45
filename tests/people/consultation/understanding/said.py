"""Invented points on a few subjects, for the tests of what is understood."""

from __future__ import annotations

SUBJECTS = {
    "buses": [
        "The last bus leaves before the late shift ends.",
        "There is no bus to the business park on Sundays.",
        "Buses in the villages come twice a day at best.",
        "Apprentices cannot get to college because the bus was cut.",
        "A bus pass costs more than a morning's wage.",
        "The evidence on commuting leaves out bus times.",
    ],
    "skills": [
        "We cannot find welders with the right skills.",
        "Colleges no longer teach skills on lathes.",
        "Skills shortages keep two of our machines idle.",
        "Young people leave school without digital skills.",
        "Employers should pay for skills training.",
        "The skills figures ignore what firms teach themselves.",
    ],
    "housing": [
        "Rents have doubled and our staff cannot afford a house near work.",
        "Affordable housing is missing near the science park.",
        "House prices push young families out of the county.",
        "New housing has no shops within a walk.",
        "Key workers cannot find a house to rent.",
        "Housing costs eat what higher pay brings.",
    ],
}
FARMING = [
    "Farming shapes most of the land here and is in no chapter.",
    "Dairy farming employs hundreds of people whom the evidence never counts.",
    "Nothing is said about farming, dairy or the land.",
    "What dairy farms produce is missing from the evidence.",
]
CONCLUSIONS = {
    "bus-times": "Bus services in the area are less frequent than in England and few run in the evening.",
    "skills": "Employers in the area report more vacancies that are hard to fill for want of skills than in England.",
    "house-prices": "A house costs more years of pay in the area than in England, and rents have risen faster.",
}


def every_point() -> list[str]:
    return [text for texts in SUBJECTS.values() for text in texts]
