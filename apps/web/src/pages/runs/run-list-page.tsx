import { Page } from '../../components/page.js';

export function RunListPage() {
  return <Page title="Runs">{null}</Page>;
}
