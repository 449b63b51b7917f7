import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { FormChoices, Preview } from '#application/ports/request-forms';
import { MODALS } from '../action-ids.ts';
import { sentence } from '../block-kit/blocks.ts';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { offered, ttlOption } from '../cards/ttl-choice.ts';
import type { FormValues } from './form-values.ts';
import { channelInput, nameChoice, optionChoice, textInput } from './inputs.ts';
import { environmentsOf } from './recognise.ts';
import { en, type Words } from '../words/words.ts';

export interface RequestModal {
  readonly choices: FormChoices;
  readonly values: FormValues;
  /** `null` where it could not be worked out. */
  readonly preview: Preview | null;
  readonly drill: boolean;
}

/** Whether a form can be made of the policy at all: Slack has no empty menus. */
export const isFillable = (choices: FormChoices): boolean =>
  choices.gates.length > 0 && environmentsOf(null, choices).length > 0 && choices.ttlsMs.length > 0;

/** The form of `/breakglass`. @throws BlockKitBroken if Slack would refuse it. */
export function requestModal(model: RequestModal, words: Words = en): ModalView {
  const { choices, values, preview, drill } = model;
  return assertView({
    type: 'modal',
    callback_id: MODALS.request,
    title: plain(drill ? words.FORM.drillTitle : words.FORM.title, LIMITS.viewTitle),
    submit: plain(words.FORM.submit, LIMITS.viewTitle),
    close: plain(words.FORM.cancel, LIMITS.viewTitle),
    private_metadata: JSON.stringify({ drill }),
    blocks: [
      ...(drill ? [sentence(words.FORM.drill)] : []),
      ...scopeInputs(choices, values, words),
      ttlInput(model, words),
      // Above what is optional: who presses Ask on a phone has seen whom it asks.
      { ...sentence(words.previewWords(preview, values)), block_id: 'preview' },
      ...textInputs(values, words),
      ...severityInput(choices, values, words),
      channelInput(
        {
          action: 'channel',
          label: words.FORM.channel,
          hint: words.FORM.channelHint,
          optional: true,
        },
        values.channel,
        words,
      ),
    ],
  });
}

function scopeInputs(choices: FormChoices, values: FormValues, words: Words): KnownBlock[] {
  const { gate, service, environment } = values;
  return [
    nameChoice(
      { action: 'gate', label: words.FORM.gate, dispatch: true },
      choices.gates.map(nameOf),
      gate,
      words,
    ),
    ...togetherLine(gate, choices, words),
    nameChoice(
      { action: 'service', label: words.FORM.service, dispatch: true },
      choices.services.map(nameOf),
      service,
      words,
    ),
    nameChoice(
      { action: 'environment', label: words.FORM.environment, dispatch: true },
      environmentsFor(service, choices),
      environment,
      words,
    ),
  ];
}

/** Right under the choice: who asks for several sees which they are. */
function togetherLine(gate: string | null, choices: FormChoices, words: Words): KnownBlock[] {
  const gates = choices.gates.find((one) => one.name === gate)?.gates;
  if (gates === undefined) return [];
  const together = words.togetherWords({ gates, phase: 'waiting', drill: false });
  return [{ ...sentence(together), block_id: 'together' }];
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** A service that the policy has no environments for gets all of them: the menu may not be empty. */
export function environmentsFor(service: string | null, choices: FormChoices): string[] {
  const own = environmentsOf(service, choices);
  return own.length > 0 ? own : environmentsOf(null, choices);
}

/** Only what the tiers offer, once they are known; a choice that fell away becomes the next shorter. */
function ttlInput({ choices, values, preview }: RequestModal, words: Words): InputBlock {
  const narrowed = preview?.kind === 'asks' ? preview.ttlOffersMs : [];
  const ttlsMs = offered(narrowed.length > 0 ? narrowed : choices.ttlsMs);
  const asked = values.ttlMs;
  const chosen = asked === null ? undefined : (ttlsMs.findLast((ms) => ms <= asked) ?? ttlsMs[0]);
  return optionChoice(
    { action: 'ttl', label: words.FORM.ttl },
    ttlsMs.map((one) => ttlOption(one, words)),
    chosen === undefined ? undefined : ttlOption(chosen, words),
    words,
  );
}

function textInputs(
  { justification, incident, branch, artifact }: FormValues,
  words: Words,
): InputBlock[] {
  return [
    textInput(
      {
        action: 'justification',
        label: words.FORM.justification,
        hint: words.FORM.justificationHint,
        multiline: true,
        max: 1_500,
      },
      justification,
    ),
    textInput(
      {
        action: 'incident',
        label: words.FORM.incident,
        hint: words.FORM.incidentHint,
        optional: true,
        max: 500,
      },
      incident,
    ),
    textInput(
      {
        action: 'branch',
        label: words.FORM.branch,
        hint: words.FORM.branchHint,
        optional: true,
        dispatch: true,
        max: 255,
      },
      branch,
    ),
    textInput(
      {
        action: 'artifact',
        label: words.FORM.artifact,
        hint: words.FORM.artifactHint,
        optional: true,
        max: 500,
      },
      artifact,
    ),
  ];
}

function severityInput(
  { severities }: FormChoices,
  { severity }: FormValues,
  words: Words,
): InputBlock[] {
  if (severities.length === 0) return [];
  return [
    nameChoice(
      {
        action: 'severity',
        label: words.FORM.severity,
        hint: words.FORM.severityHint,
        optional: true,
        dispatch: true,
      },
      severities,
      severity,
      words,
    ),
  ];
}
