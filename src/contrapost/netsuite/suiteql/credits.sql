-- Records that give something back to a customer, each once, with what stands in the field orders are found by, of the
-- record or of what it came from: its bill or return, the order of that, the invoice or deposit it is applied to.
-- :which is a condition on c, s, g, a and o; :after the last id seen, so that no question gives more than :most rows.
SELECT DISTINCT
    c.id, c.type, c.tranid, c.externalid, c.foreigntotal, c.voided, u.symbol AS currency,
    TO_CHAR(c.trandate, 'YYYY-MM-DD') AS trandate, a.type AS appliedto,
    c.:field AS matched, s.:field AS sourcematched, g.:field AS ordermatched, a.:field AS appliedmatched,
    o.:field AS depositmatched
FROM transaction c
LEFT JOIN currency u ON u.id = c.currency
LEFT JOIN transactionline m ON m.transaction = c.id AND m.createdfrom IS NOT NULL
LEFT JOIN transaction s ON s.id = m.createdfrom
LEFT JOIN transactionline n ON n.transaction = s.id AND n.createdfrom IS NOT NULL
LEFT JOIN transaction g ON g.id = n.createdfrom
LEFT JOIN previoustransactionlinelink k ON k.nextdoc = c.id AND k.previoustype IN ('CustInvc', 'CustDep')
LEFT JOIN transaction a ON a.id = k.previousdoc
LEFT JOIN previoustransactionlinelink j ON j.nextdoc = a.id AND j.previoustype = 'SalesOrd'
LEFT JOIN transaction o ON o.id = j.previousdoc
WHERE c.type IN ('CashRfnd', 'CustCred', 'CustRfnd') AND c.id > :after AND :which
ORDER BY c.id FETCH FIRST :most ROWS ONLY
