import type { Schema } from '../../api/client.js';
import { OutsideText } from '../../components/outside-text.js';

/** How many characters of a key are shown. */
const SHOWN = 200;

/** The key of a conversation, or its id for an API key that may not see payloads. */
export function ConversationKey({
  conversation: { id, key },
}: {
  conversation: Pick<Schema<'Conversation'>, 'id' | 'key'>;
}) {
  return key === null ? id : <OutsideText text={key.length > SHOWN ? `${key.slice(0, SHOWN)}…` : key} />;
}
