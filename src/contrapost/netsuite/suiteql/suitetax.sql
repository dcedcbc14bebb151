-- Answers only where the account uses SuiteTax: legacy accounts do not have the table.
SELECT transaction FROM transactiontaxdetail WHERE transaction = 0
