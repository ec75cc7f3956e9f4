-- What came of what a person did, as a code with its values, so that it can be said in every language. The English sentence
-- beside it stays as it is; older rows have nothing else.
ALTER TABLE payment.intervention
  ADD COLUMN result_code   text,
  ADD COLUMN result_values text[],
  ADD CONSTRAINT intervention_result CHECK ((result_code IS NULL) = (result_values IS NULL));
