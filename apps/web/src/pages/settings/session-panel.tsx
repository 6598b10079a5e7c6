import { useSession } from '../../app/session.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { RelativeTime } from '../../components/times.js';

const MAY = {
  viewer: 'read',
  operator: 'read, run, cancel and replay',
  admin: 'everything',
} as const;

/** The signed-in session. */
export function SessionPanel() {
  const { session } = useSession();
  return (
    <Panel title="Your session">
      <Facts
        items={[
          ['Key', session.name],
          ['Role', `${session.role}: ${MAY[session.role]}`],
          ['Payloads', session.see_payloads ? 'shown' : 'withheld'],
          [
            'Expires',
            session.expires_at ? <RelativeTime key="ends" at={session.expires_at} /> : 'with the browser',
          ],
        ]}
      />
    </Panel>
  );
}
