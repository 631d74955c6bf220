/** The one workspace of an installation without sign-in; migration 1 makes its row. */
export const WORKSPACE_ID = 1;
