import { Page } from '../../components/page.js';

export function AgentListPage() {
  return <Page title="Agents">{null}</Page>;
}
