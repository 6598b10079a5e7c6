/** What a hand, a half restored backup or another program may leave: no JSON, and JSON of another shape. */
export const DAMAGE = [
  '{"id":',
  '[]',
  'null',
  '7',
  '{}',
  '{"id":7,"created_ms":1e300,"started_ms":{},"since":4}',
];
