/** What one thing may take at most, on a machine that is busy with others. What takes longer is a hang. */
export const PATIENCE_MS = 300_000;
