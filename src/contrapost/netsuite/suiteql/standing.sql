-- Records as they stand, with their ledger: one row for each line and ledger entry.
SELECT
    t.id, t.recordtype, t.tranid, t.externalid, t.foreigntotal, t.voided, c.symbol AS currency,
    TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, l.id AS line, l.iscogs, l.createdfrom, a.account, a.amount
FROM transaction t
JOIN transactionline l ON l.transaction = t.id
LEFT JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id
    AND a.accountingbook = 1
LEFT JOIN currency c ON c.id = t.currency
WHERE t.id IN (:ids)
ORDER BY t.id, l.linesequencenumber
