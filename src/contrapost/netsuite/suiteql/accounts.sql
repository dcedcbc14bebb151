-- The chart of accounts.
SELECT id, acctnumber, fullname, accttype FROM account WHERE isinactive = 'F' ORDER BY id
