"""What no file in the folder of publishers' files says about areas, with where it is from."""

from __future__ import annotations

from datetime import date

# Unions of countries, and the codes that productivity and trade series use instead of a country's own.
UNIONS = {
    "K03000001": ("Great Britain", ("E92000001", "S92000003", "W92000004")),
    "K04000001": ("England and Wales", ("E92000001", "W92000004")),
}
STANDS_FOR = {
    "K99000002": ("K02000001", "UK less extra-regio: offshore activity that belongs to no region is left out"),
    "UKX": ("K02000001", "UK less extra-regio: offshore activity that belongs to no region is left out"),
    "TLB": ("E92000001", "England, as series by ITL area write it"),
}
STANDS_FOR_NAMES = {"K99000002": "UK less extra-regio", "UKX": "UK less extra-regio", "TLB": "England"}

# Recoding Orders older than the years in areas-list and topo.json: ONS Code History Database. The last day of the old
# code; the new one starts on the day after.
EARLY_ENDS = {
    "E06000048": date(2013, 3, 31),  # Northumberland, boundary with Gateshead
    "E08000020": date(2013, 3, 31),  # Gateshead, boundary with Northumberland
    "E11000004": date(2013, 3, 31),  # Tyne and Wear, for the same reason
    "E07000097": date(2013, 3, 31),  # East Hertfordshire, boundary with Stevenage
    "E07000101": date(2013, 3, 31),  # Stevenage
    "E07000100": date(2012, 3, 31),  # St Albans, boundary with Welwyn Hatfield
    "E07000104": date(2012, 3, 31),  # Welwyn Hatfield
}
METROPOLITAN_SUCCESSORS = {"E11000004": "E11000007"}

# Local enterprise partnerships: ONS names and codes. Codes are those of 2014 to 2017; LEPs ended in March 2024.
LEPS = {
    "E37000001": "Black Country",
    "E37000002": "Buckinghamshire Thames Valley",
    "E37000003": "Cheshire and Warrington",
    "E37000004": "Coast to Capital",
    "E37000005": "Cornwall and Isles of Scilly",
    "E37000006": "Coventry and Warwickshire",
    "E37000007": "Cumbria",
    "E37000008": "Derby, Derbyshire, Nottingham and Nottinghamshire",
    "E37000009": "Dorset",
    "E37000010": "Enterprise M3",
    "E37000011": "Gloucestershire",
    "E37000012": "Greater Birmingham and Solihull",
    "E37000013": "Greater Cambridge and Greater Peterborough (until 2017)",
    "E37000014": "Greater Lincolnshire",
    "E37000015": "Greater Manchester",
    "E37000016": "Heart of the South West",
    "E37000017": "Hertfordshire",
    "E37000018": "Humber",
    "E37000019": "Lancashire",
    "E37000020": "Leeds City Region",
    "E37000021": "Leicester and Leicestershire",
    "E37000022": "Liverpool City Region",
    "E37000023": "London",
    "E37000024": "New Anglia",
    "E37000025": "North Eastern",
    "E37000026": "Northamptonshire",
    "E37000027": "Oxfordshire",
    "E37000028": "Sheffield City Region (until 2014)",
    "E37000029": "Solent",
    "E37000030": "South East",
    "E37000031": "South East Midlands (until 2017)",
    "E37000032": "Stoke-on-Trent and Staffordshire",
    "E37000033": "Swindon and Wiltshire",
    "E37000034": "Tees Valley",
    "E37000035": "Thames Valley Berkshire",
    "E37000036": "The Marches",
    "E37000037": "West of England",
    "E37000038": "Worcestershire",
    "E37000039": "York, North Yorkshire and East Riding",
    "E37000040": "Sheffield City Region",
    "E37000041": "South East Midlands",
    "E37000042": "Greater Cambridge and Greater Peterborough",
}
LEPS_END = date(2024, 3, 31)
# No file says which authorities made up a LEP. Only what a base needs is said here, and from where.
LEP_MEMBERS = {"E37000003": ("E06000007", "E06000049", "E06000050")}  # the LEP's own constitution: its three councils

# NUTS codes without an ITL successor: Eurostat's NUTS 2006, 2010, 2013 and 2016 classifications.
NUTS_NAMES = {
    "UKD21": "Halton and Warrington",
    "UKD22": "Cheshire CC",
    "UKD31": "Greater Manchester South",
    "UKD32": "Greater Manchester North",
    "UKD43": "Lancashire CC",
    "UKD2": "Cheshire (with Halton)",
    "UKD5": "Merseyside (without Halton)",
    "UKD51": "East Merseyside",
    "UKD52": "Liverpool",
    "UKD53": "Sefton",
    "UKD54": "Wirral",
    "UKE43": "Calderdale, Kirklees and Wakefield",
    "UKF23": "Northamptonshire",
    "UKG34": "Dudley and Sandwell",
    "UKG35": "Walsall and Wolverhampton",
    "UKH13": "Norfolk",
    "UKH22": "Bedfordshire CC",
    "UKH33": "Essex CC",
    "UKI1": "Inner London",
    "UKI2": "Outer London",
    "UKI11": "Inner London - West",
    "UKI12": "Inner London - East",
    "UKI21": "Outer London - East and North East",
    "UKI22": "Outer London - South",
    "UKI23": "Outer London - West and North West",
    "UKJ23": "Surrey",
    "UKJ24": "West Sussex",
    "UKJ33": "Hampshire CC",
    "UKJ42": "Kent CC",
    "UKM2": "Eastern Scotland (NUTS 2013)",
    "UKM3": "South Western Scotland",
    "UKM21": "Angus and Dundee City",
    "UKM22": "Clackmannanshire and Fife",
    "UKM23": "East Lothian and Midlothian",
    "UKM24": "Scottish Borders",
    "UKM25": "Edinburgh, City of",
    "UKM26": "Falkirk",
    "UKM27": "Perth & Kinross and Stirling",
    "UKM28": "West Lothian",
    "UKM31": "East Dunbartonshire, West Dunbartonshire and Helensburgh & Lomond",
    "UKM32": "Dumfries & Galloway",
    "UKM33": "East Ayrshire and North Ayrshire mainland",
    "UKM34": "Glasgow City",
    "UKM35": "Inverclyde, East Renfrewshire and Renfrewshire",
    "UKM36": "North Lanarkshire",
    "UKM37": "South Ayrshire",
    "UKM38": "South Lanarkshire",
    "UKN": "Northern Ireland",
    "UKN0": "Northern Ireland",
    "UKN01": "Belfast (until 2015)",
    "UKN02": "Outer Belfast",
    "UKN03": "East of Northern Ireland",
    "UKN04": "North of Northern Ireland",
    "UKN05": "West and South of Northern Ireland",
    "UKN06": "Belfast",
    "UKN07": "Armagh City, Banbridge and Craigavon",
    "UKN08": "Newry, Mourne and Down",
    "UKN09": "Ards and North Down",
    "UKN10": "Derry City and Strabane",
    "UKN11": "Mid Ulster",
    "UKN12": "Causeway Coast and Glens",
    "UKN13": "Antrim and Newtownabbey",
    "UKN14": "Lisburn and Castlereagh",
    "UKN15": "Mid and East Antrim",
    "UKN16": "Fermanagh and Omagh",
}
# First and last day of each NUTS classification: Commission Regulations (EC) 105/2007, (EU) 31/2011, 1319/2013 and
# 2016/2066; the UK left NUTS at the end of 2020.
NUTS_IN_FORCE = {
    "2006": (date(2008, 1, 1), date(2011, 12, 31)),
    "2010": (date(2012, 1, 1), date(2014, 12, 31)),
    "2013": (date(2015, 1, 1), date(2017, 12, 31)),
    "2016": (date(2018, 1, 1), date(2020, 12, 31)),
}
ITL_2021_IN_FORCE = (date(2021, 1, 1), date(2024, 12, 31))
