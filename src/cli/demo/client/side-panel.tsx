import { Tab as TabButton, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { PageState } from '../wire.ts';
import type { Run } from './use-acts.ts';
import { AuditPanel } from './audit-panel.tsx';
import { DeployPanel } from './deploy-panel.tsx';
import { LogPanel } from './log-panel.tsx';

export type Tab = 'deploy' | 'log' | 'verify';

interface SidePanelProps {
  readonly state: PageState;
  readonly aheadMs: number;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly run: Run;
  readonly busy: string | null;
}

export function SidePanel({ state, aheadMs, tab, onTab, run, busy }: SidePanelProps) {
  return (
    <Tabs className="panel tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as Tab)}>
      <TabList className="tab-list" aria-label="Deploys, log, audit">
        <TabButton id="deploy" className="tab">
          Deploy
        </TabButton>
        <TabButton id="log" className="tab">
          Log <span className="count">{state.log.size}</span>
        </TabButton>
        <TabButton id="verify" className="tab">
          Verify
        </TabButton>
      </TabList>
      <TabPanel id="deploy" className="tab-panel">
        <DeployPanel state={state} aheadMs={aheadMs} run={run} busy={busy} />
      </TabPanel>
      <TabPanel id="log" className="tab-panel">
        <LogPanel log={state.log} />
      </TabPanel>
      <TabPanel id="verify" className="tab-panel">
        <AuditPanel state={state} run={run} busy={busy} />
      </TabPanel>
    </Tabs>
  );
}
