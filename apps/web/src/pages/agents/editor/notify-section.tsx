import { ChannelPicker } from '../../../components/channel-picker.js';
import { Panel } from '../../../components/panel.js';
import { useDraft } from './draft/use-draft.js';

/** Who is told when a call of the agent waits for a person. */
export function NotifySection() {
  const { values, readOnly, set, errorAt } = useDraft();
  const notify = values.notify ?? [];
  const first = notify.findIndex((_, n) => errorAt(`/notify/${n}`));
  return (
    <Panel
      title="Tell people"
      description="When a call needs approval or a question an answer. Channels are under Alerts; a tool can name others."
    >
      <ChannelPicker
        label="Notify channels"
        value={notify}
        readOnly={readOnly}
        error={errorAt('/notify') ?? (first === -1 ? undefined : errorAt(`/notify/${first}`))}
        onChange={(channels) => set('notify', channels)}
      />
    </Panel>
  );
}
