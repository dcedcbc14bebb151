-- Everything NetSuite holds of some orders: the orders, their bills and deposits, return authorizations, and what was
-- credited against any of those, by hand too; one row for each line and ledger entry.
-- :orders is a condition that finds the orders, :named one that finds credits that only carry an order's name.
SELECT
    t.id, t.type, t.recordtype, t.tranid, t.externalid, t.otherrefnum, t.entity, t.currency AS currencyid,
    c.symbol AS currency, t.exchangerate, t.foreigntotal, t.foreignamountunpaid, t.foreignpaymentamountunused,
    TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, :match_column AS matched,
    l.id AS line, l.mainline, l.taxline, l.iscogs, l.itemtype, l.item, i.itemid, l.quantity, l.rate, l.foreignamount,
    l.transactiondiscount, l.quantitybilled, l.isclosed, l.kitmemberof,
    l.createdfrom, k.previousdoc AS linkedto,
    l.subsidiary, l.location, l.department, l.class, a.account, a.amount:tax_columns
FROM transaction t
JOIN transactionline l ON l.transaction = t.id
LEFT JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id
    AND a.accountingbook = 1
LEFT JOIN item i ON i.id = l.item
LEFT JOIN currency c ON c.id = t.currency
LEFT JOIN previoustransactionlinelink k ON k.nextdoc = t.id AND l.mainline = 'T'
    AND ((t.type = 'CustDep' AND k.previoustype = 'SalesOrd') OR (t.type = 'CustCred' AND k.previoustype = 'CustInvc')):tax_join
WHERE t.voided = 'F' AND t.id IN (
    SELECT r.id FROM transaction r WHERE :orders
    UNION
    SELECT h.id FROM transaction h WHERE :named
    UNION
    SELECT b.transaction FROM transactionline b WHERE b.createdfrom IN (SELECT r.id FROM transaction r WHERE :orders)
    UNION
    SELECT p.nextdoc FROM previoustransactionlinelink p WHERE p.nexttype IN ('CustDep', 'CustCred')
        AND p.previousdoc IN (SELECT r.id FROM transaction r WHERE :orders)
    UNION
    SELECT q.nextdoc FROM previoustransactionlinelink q WHERE q.nexttype = 'CustCred' AND q.previousdoc IN (
        SELECT b.transaction FROM transactionline b WHERE b.createdfrom IN (
            SELECT r.id FROM transaction r WHERE :orders))
    UNION
    SELECT d.transaction FROM transactionline d WHERE d.createdfrom IN (
        SELECT b.transaction FROM transactionline b WHERE b.createdfrom IN (
            SELECT r.id FROM transaction r WHERE :orders))
    UNION
    SELECT e.transaction FROM transactionline e WHERE e.createdfrom IN (
        SELECT d.transaction FROM transactionline d WHERE d.createdfrom IN (
            SELECT b.transaction FROM transactionline b WHERE b.createdfrom IN (
                SELECT r.id FROM transaction r WHERE :orders)))
)
ORDER BY t.id, l.linesequencenumber
