import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { FormChoices, Preview } from '#application/ports/request-forms';
import { MODALS } from '../action-ids.ts';
import { sentence } from '../block-kit/blocks.ts';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { offered, ttlOption } from '../cards/ttl-choice.ts';
import { togetherWords } from '../words/gates.ts';
import { FORM, previewWords } from '../words/modal.ts';
import type { FormValues } from './form-values.ts';
import { channelInput, nameChoice, optionChoice, textInput } from './inputs.ts';
import { environmentsOf } from './recognise.ts';

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
export function requestModal(model: RequestModal): ModalView {
  const { choices, values, preview, drill } = model;
  return assertView({
    type: 'modal',
    callback_id: MODALS.request,
    title: plain(drill ? FORM.drillTitle : FORM.title, LIMITS.viewTitle),
    submit: plain(FORM.submit, LIMITS.viewTitle),
    close: plain(FORM.cancel, LIMITS.viewTitle),
    private_metadata: JSON.stringify({ drill }),
    blocks: [
      ...(drill ? [sentence(FORM.drill)] : []),
      ...scopeInputs(choices, values),
      ttlInput(model),
      // Above what is optional: who presses Ask on a phone has seen whom it asks.
      { ...sentence(previewWords(preview, values)), block_id: 'preview' },
      ...textInputs(values),
      ...severityInput(choices, values),
      channelInput(
        { action: 'channel', label: FORM.channel, hint: FORM.channelHint, optional: true },
        values.channel,
      ),
    ],
  });
}

function scopeInputs(choices: FormChoices, values: FormValues): KnownBlock[] {
  const { gate, service, environment } = values;
  return [
    nameChoice(
      { action: 'gate', label: FORM.gate, dispatch: true },
      choices.gates.map(nameOf),
      gate,
    ),
    ...togetherLine(gate, choices),
    nameChoice(
      { action: 'service', label: FORM.service, dispatch: true },
      choices.services.map(nameOf),
      service,
    ),
    nameChoice(
      { action: 'environment', label: FORM.environment, dispatch: true },
      environmentsFor(service, choices),
      environment,
    ),
  ];
}

/** Right under the choice: who asks for several sees which they are. */
function togetherLine(gate: string | null, choices: FormChoices): KnownBlock[] {
  const gates = choices.gates.find((one) => one.name === gate)?.gates;
  if (gates === undefined) return [];
  const words = togetherWords({ gates, phase: 'waiting', drill: false });
  return [{ ...sentence(words), block_id: 'together' }];
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** A service that the policy has no environments for gets all of them: the menu may not be empty. */
export function environmentsFor(service: string | null, choices: FormChoices): string[] {
  const own = environmentsOf(service, choices);
  return own.length > 0 ? own : environmentsOf(null, choices);
}

/** Only what the tiers offer, once they are known; a choice that fell away becomes the next shorter. */
function ttlInput({ choices, values, preview }: RequestModal): InputBlock {
  const narrowed = preview?.kind === 'asks' ? preview.ttlOffersMs : [];
  const ttlsMs = offered(narrowed.length > 0 ? narrowed : choices.ttlsMs);
  const asked = values.ttlMs;
  const chosen = asked === null ? undefined : (ttlsMs.findLast((ms) => ms <= asked) ?? ttlsMs[0]);
  return optionChoice(
    { action: 'ttl', label: FORM.ttl },
    ttlsMs.map(ttlOption),
    chosen === undefined ? undefined : ttlOption(chosen),
  );
}

function textInputs({ justification, incident, branch, artifact }: FormValues): InputBlock[] {
  return [
    textInput(
      {
        action: 'justification',
        label: FORM.justification,
        hint: FORM.justificationHint,
        multiline: true,
        max: 1_500,
      },
      justification,
    ),
    textInput(
      {
        action: 'incident',
        label: FORM.incident,
        hint: FORM.incidentHint,
        optional: true,
        max: 500,
      },
      incident,
    ),
    textInput(
      {
        action: 'branch',
        label: FORM.branch,
        hint: FORM.branchHint,
        optional: true,
        dispatch: true,
        max: 255,
      },
      branch,
    ),
    textInput(
      {
        action: 'artifact',
        label: FORM.artifact,
        hint: FORM.artifactHint,
        optional: true,
        max: 500,
      },
      artifact,
    ),
  ];
}

function severityInput({ severities }: FormChoices, { severity }: FormValues): InputBlock[] {
  if (severities.length === 0) return [];
  return [
    nameChoice(
      {
        action: 'severity',
        label: FORM.severity,
        hint: FORM.severityHint,
        optional: true,
        dispatch: true,
      },
      severities,
      severity,
    ),
  ];
}
