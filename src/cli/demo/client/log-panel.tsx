import { Moment } from './moment.tsx';
import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { EntryDetail, EntryView, LogView } from '../wire.ts';
import { entry } from './ask.ts';

export function LogPanel({ log }: { readonly log: LogView }) {
  // What comes while somebody looks is marked.
  const [seen] = useState(log.size);
  return (
    <>
      <p className="log-head">
        <b>{log.size} entries.</b> Checkpoint {log.size} · <code>{log.root.slice(0, 12)}…</code>{' '}
        <span className="muted">of {log.origin}</span>
      </p>
      <ol className="entries" reversed aria-label="Entries of the log, newest first">
        {log.entries.map((one) => (
          <Entry key={one.index} one={one} isNew={one.index >= seen} />
        ))}
      </ol>
    </>
  );
}

const SIGNED: Readonly<Record<EntryView['signing'], string>> = {
  attested: 'attested',
  provisional: 'provisional',
  service: 'service-signed',
};

function Entry({ one, isNew }: { readonly one: EntryView; readonly isNew: boolean }) {
  const { index, type, atMs, actor, about, signing, receipt } = one;
  const [detail, setDetail] = useState<EntryDetail | string>();
  const read = (open: boolean): void => {
    if (!open || detail !== undefined) return;
    entry(index)
      .then(setDetail)
      .catch((error: unknown) => setDetail(error instanceof Error ? error.message : 'unreadable'));
  };
  return (
    <li className="entry" id={`entry-${index}`} data-signing={signing} data-new={isNew}>
      <Disclosure onExpandedChange={read}>
        <Heading level={3}>
          <Button slot="trigger" className="entry-trigger">
            <span className="entry-index">{index}</span>
            <span className="entry-words">
              <span className="entry-type">{type}</span>
              <span className="entry-about">{about}</span>
              <span className="entry-facts">
                {actor}, <Moment ms={atMs} /> · receipt {index} in {receipt.size} ·{' '}
                {receipt.root.slice(0, 6)}…
              </span>
            </span>
            <span className="badge">{SIGNED[signing]}</span>
          </Button>
        </Heading>
        <DisclosurePanel>
          {detail === undefined && <p className="muted">Reading …</p>}
          {typeof detail === 'string' && <p className="problem">{detail}</p>}
          {typeof detail === 'object' && <Detail detail={detail} receipt={receipt} />}
        </DisclosurePanel>
      </Disclosure>
    </li>
  );
}

interface DetailProps {
  readonly detail: EntryDetail;
  readonly receipt: EntryView['receipt'];
}

function Detail({ detail, receipt }: DetailProps) {
  const values = Object.entries(detail.values);
  const facts = [
    ...detail.signature,
    { label: 'Statement', value: detail.digest },
    {
      label: 'Receipt',
      value: `entry ${detail.index}, checkpoint of ${receipt.size} entries, root ${receipt.root}`,
    },
  ];
  return (
    <div className="detail">
      <dl>
        {facts.map(({ label, value }) => (
          <div key={`${label} ${value}`}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {values.length > 0 && (
        <>
          <h4>Beside the statement (salted digests stand in it)</h4>
          <dl>
            {values.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h4>The signed statement</h4>
      <pre className="json" tabIndex={0}>
        {JSON.stringify(detail.statement, null, 2)}
      </pre>
    </div>
  );
}
