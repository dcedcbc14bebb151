-- The items that profiles name.
SELECT id, itemid, itemtype, incomeaccount FROM item WHERE isinactive = 'F' AND (itemid IN (:names) OR id IN (:ids))
ORDER BY id
