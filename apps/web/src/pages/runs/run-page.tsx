import { Page } from '../../components/page.js';

export function RunPage() {
  return <Page title="Run">{null}</Page>;
}
