-- The records of some external ids.
SELECT id, externalid FROM transaction WHERE externalid IN (:names)
