-- The subsidiaries and the currencies their books are kept in; an account of one company has no such table.
SELECT id, name, currency FROM subsidiary WHERE isinactive = 'F' ORDER BY id
