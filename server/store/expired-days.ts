/** SQL for the stored days whose payload, or more, has expired: what lies in them may be gone and is not damaged. */
export const EXPIRED_DAYS = `(select day from expired_day where kept_as <> 'aggregates')`;
