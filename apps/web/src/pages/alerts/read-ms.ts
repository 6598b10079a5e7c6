/** How often what goes on is read again, in ms. */
export const READ_MS = 5_000;
