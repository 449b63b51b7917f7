import { Moment } from './moment.tsx';
import {
  Button,
  Disclosure,
  DisclosurePanel,
  Heading,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
} from 'react-aria-components';
import type { AuditView, PageState } from '../wire.ts';
import { post } from './ask.ts';
import type { Run } from './use-acts.ts';
import { brief } from './brief.ts';

interface AuditPanelProps {
  readonly state: PageState;
  readonly run: Run;
  readonly busy: string | null;
}

export function AuditPanel({ state: { audit, cheats, saved }, run, busy }: AuditPanelProps) {
  const isBusy = busy === 'verify' || busy === 'tamper';
  return (
    <>
      <div className="buttons">
        <Button
          className="primary"
          isDisabled={isBusy}
          onPress={() => run('verify', () => post('/verify'))}
        >
          Verify
        </Button>
        <MenuTrigger>
          <Button className="secondary" isDisabled={isBusy}>
            Tamper and verify
            <span aria-hidden="true" className="chevron" />
          </Button>
          <Popover className="popover">
            <Menu
              className="options"
              items={cheats}
              disabledKeys={cheats.filter(({ notYet }) => notYet !== null).map(({ id }) => id)}
              onAction={(cheat) => run('tamper', () => post('/tamper', { cheat }))}
            >
              {({ id, title, notYet }) => (
                <MenuItem id={id} className="option" textValue={title}>
                  <span>{title}</span>
                  {notYet !== null && <small>{notYet}</small>}
                </MenuItem>
              )}
            </Menu>
          </Popover>
        </MenuTrigger>
      </div>
      <p className="muted saved">
        {saved === null
          ? 'No checkpoint saved yet: the first verification saves one.'
          : `The auditor keeps a checkpoint of ${saved.size} entries, saved at `}
        {saved !== null && <Moment ms={saved.atMs} />}
      </p>
      {audit === null ? (
        <p className="empty">
          This runs <code>breakglass audit verify</code> on an export of this moment: offline, with
          a pinned trusted root and log key. Tampering is done to a copy.
        </p>
      ) : (
        <Report audit={audit} />
      )}
    </>
  );
}

const VERDICT: Readonly<Record<AuditView['verdict'], string>> = {
  verified: 'VERIFIED',
  unproven: 'VERIFIED, tail unproven',
  refused: 'REFUSED',
};

const MARK = { proved: '✓', refused: '✗', unproven: '–' } as const;

function Report({ audit }: { readonly audit: AuditView }) {
  const { verdict, done, entries, against, findings, steps, evaluation, text, atMs } = audit;
  return (
    <article className="report" data-verdict={verdict} aria-label="Report of the audit">
      <p className="done">{done}</p>
      <div className="verdict" role="status">
        <b>{VERDICT[verdict]}</b>
        <span>
          {entries} entries, <Moment ms={atMs} />, {heldAgainst(against)}
        </span>
      </div>
      {findings.length > 0 && (
        <>
          <h3>Why</h3>
          <ul className="findings">
            {findings.map(({ index, message }) => (
              <li key={`${index} ${message}`}>
                <b>{index === null ? 'The log' : `Entry ${index}`}</b> {brief(message)}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>The steps</h3>
      <ul className="steps">
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ul>
      {evaluation && (
        <p className="muted">
          EVALUATION: the pinned root is of the demo's own authority, whose keys are all in one
          process.
        </p>
      )}
      <Disclosure>
        <Heading level={3}>
          <Button slot="trigger" className="step-trigger">
            <span aria-hidden="true" className="chevron" />
            As the command prints it
          </Button>
        </Heading>
        <DisclosurePanel>
          <pre className="ci" tabIndex={0}>
            {text}
          </pre>
        </DisclosurePanel>
      </Disclosure>
    </article>
  );
}

function heldAgainst(size: number | null): string {
  return size === null
    ? 'not held against a saved checkpoint'
    : `held against the saved checkpoint of ${size}`;
}

function Step({ step }: { readonly step: AuditView['steps'][number] }) {
  const { name, status, proves, doesNotProve, details } = step;
  return (
    <li className="step" data-status={status}>
      <Disclosure>
        <Heading level={4}>
          <Button slot="trigger" className="step-trigger">
            <span aria-hidden="true" className="chevron" />
            <span className="mark" aria-hidden="true">
              {MARK[status]}
            </span>
            {name}
            <span className="step-status">{status}</span>
          </Button>
        </Heading>
        <DisclosurePanel>
          <div className="step-words">
            <p>
              <b>{status === 'proved' ? 'Proves' : 'Would prove'}:</b> {proves}
            </p>
            <p>
              <b>Does not prove:</b> {doesNotProve}
            </p>
            {details.map((detail) => (
              <p key={detail} className="muted">
                {detail}
              </p>
            ))}
          </div>
        </DisclosurePanel>
      </Disclosure>
    </li>
  );
}
