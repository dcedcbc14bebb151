-- The posting periods: months, no quarters, years or adjustment periods.
SELECT id, periodname, TO_CHAR(startdate, 'YYYY-MM-DD') AS startdate, TO_CHAR(enddate, 'YYYY-MM-DD') AS enddate, closed,
    arlocked, alllocked
FROM accountingperiod WHERE isquarter = 'F' AND isyear = 'F' AND isadjust = 'F' ORDER BY startdate
