"""Words of SuiteQL: a query that has them, to see whether the emulator takes it, and how a test that has them shows."""

from __future__ import annotations

_JOINED = "SELECT t.id FROM transaction t {} transactionline l {} l.transaction = t.id"

WORDS = {
    "JOIN": (_JOINED.format("JOIN", "ON"), r"\bJOIN "),
    "LEFT JOIN": (_JOINED.format("LEFT JOIN", "ON"), r"LEFT (OUTER )?JOIN"),
    "outer join by (+)": (
        "SELECT t.id FROM transaction t, transactionline l WHERE l.transaction (+) = t.id",
        r"\(\+\)",
    ),
    "DISTINCT": ("SELECT DISTINCT type FROM transaction", "SELECT DISTINCT"),
    "GROUP BY, HAVING": ("SELECT type FROM transaction GROUP BY type HAVING COUNT(*) > 1", "GROUP BY"),
    "UNION": ("SELECT id FROM item UNION ALL SELECT id FROM account", r"\bUNION"),
    "subselect": ("SELECT id FROM (SELECT id FROM item)", r"\(SELECT "),
    "EXISTS": ("SELECT id FROM item WHERE EXISTS (SELECT 1 FROM account)", "EXISTS"),
    "IN, up to 1,000 values": ("SELECT id FROM item WHERE id IN (1, 2)", r"\bIN \("),
    "CASE": ("SELECT CASE WHEN id = 1 THEN 1 ELSE 2 END FROM item", "CASE WHEN"),
    "window functions": ("SELECT COUNT(*) OVER () FROM item", r"OVER \("),
    "ROWNUM": ("SELECT id FROM item WHERE ROWNUM <= 5", "ROWNUM"),
    "FETCH FIRST": ("SELECT id FROM item FETCH FIRST 5 ROWS ONLY", "FETCH FIRST"),
    "parameters": ("SELECT id FROM item WHERE id = ?", r"= \?"),
    "BUILTIN.DF": ("SELECT BUILTIN.DF(status) FROM transaction", r"BUILTIN\.DF"),
    "BUILTIN.CONSOLIDATE": (
        "SELECT BUILTIN.CONSOLIDATE(id, 'LEDGER') FROM item",
        "CONSOL",
    ),
    "TO_DATE": ("SELECT id FROM transaction WHERE trandate > TO_DATE('2026-01-01', 'YYYY-MM-DD')", "TO_DATE"),
    "TO_CHAR": ("SELECT TO_CHAR(trandate, 'YYYY') FROM transaction", "TO_CHAR"),
    "NVL, COALESCE": ("SELECT NVL(memo, 'x'), COALESCE(memo, 'x') FROM transaction", "NVL|COALESCE"),
    "DECODE": ("SELECT DECODE(type, 'CashSale', 1, 2) FROM transaction", "DECODE"),
    "LIMIT": ("SELECT id FROM item LIMIT 5", r"LIMIT \d"),
    "WITH": ("WITH x AS (SELECT 1 FROM dual) SELECT * FROM x", r"WITH \w+ AS"),
}
