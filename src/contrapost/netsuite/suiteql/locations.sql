-- The locations stock can go back to.
SELECT id, name FROM location WHERE isinactive = 'F' ORDER BY id
