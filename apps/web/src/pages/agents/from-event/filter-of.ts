/** An event that something is made from. */
export interface SampleEvent {
  payload: unknown;
  headers: Record<string, string>;
}

/** Headers and members that senders tell the kinds of their events apart by, in this order. */
const KIND_HEADER = /(^|-)(event|topic)(-(key|type|name))?$/;
const KIND_MEMBERS = [
  'action',
  'type',
  'event',
  'event_type',
  'eventType',
  'event_name',
  'object_kind',
  'kind',
  'topic',
  'webhookEvent',
  'status',
];
/** A longer text is content, not a kind. */
const MOST_CHARACTERS = 100;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** A filter (CEL) that is true for events of the same kind; undefined if nothing names that kind. */
export function filterOf({ payload, headers }: SampleEvent): string | undefined {
  const header = Object.entries(headers).find(([name, value]) => KIND_HEADER.test(name) && isKind(value));
  const members = Object.entries(payload !== null && typeof payload === 'object' ? payload : {});
  const member = KIND_MEMBERS.flatMap((name) =>
    members.filter(([each, value]) => each === name && isKind(value)),
  )[0];
  const conditions = [
    ...(header ? [`headers[${JSON.stringify(header[0])}] == ${JSON.stringify(header[1])}`] : []),
    ...(member ? [`${placeOf(member[0])} == ${JSON.stringify(member[1])}`] : []),
  ];
  return conditions.length === 0 ? undefined : conditions.join(' && ');
}

const isKind = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS;

const placeOf = (name: string): string =>
  IDENTIFIER.test(name) ? `payload.${name}` : `payload[${JSON.stringify(name)}]`;
