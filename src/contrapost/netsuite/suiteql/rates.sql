-- Exchange rates, the newest first.
SELECT basecurrency, transactioncurrency, exchangerate, TO_CHAR(effectivedate, 'YYYY-MM-DD') AS effectivedate
FROM currencyrate ORDER BY effectivedate DESC, id DESC FETCH FIRST 5000 ROWS ONLY
