-- The currencies, with their precision: 0 or 2 decimals.
SELECT id, symbol, currencyprecision FROM currency WHERE isinactive = 'F' ORDER BY id
