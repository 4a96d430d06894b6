-- SPDX-License-Identifier: EUPL-1.2

-- name: documents_of_cases :any
SELECT applications.case_id, applications.municipality, applications.document_id, documents.sealed
  FROM applications JOIN documents ON documents.id = applications.document_id
 WHERE applications.case_id = ANY ($1::uuid[]);
