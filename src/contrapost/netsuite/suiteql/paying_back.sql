-- What hangs on some records of an order: the customer refunds that pay memos and deposits back, the receipts of
-- returns; one row for each record and what it hangs on.
SELECT DISTINCT t.id, t.type, k.previousdoc AS source
FROM previoustransactionlinelink k
JOIN transaction t ON t.id = k.nextdoc
WHERE t.voided = 'F' AND t.type IN ('CustRfnd', 'ItemRcpt') AND (
    k.previousdoc IN (:ids)
    OR k.previousdoc IN (
        SELECT a.nextdoc FROM previoustransactionlinelink a WHERE a.nexttype = 'DepAppl' AND a.previousdoc IN (:ids)))
ORDER BY t.id
