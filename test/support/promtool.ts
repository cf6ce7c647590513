import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

/** The alert rules as Prometheus's own tool evaluates them (Debian: package prometheus). */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
/** Values by series, a sample each 30 s, in promtool's own short form. */
export type Series = Readonly<Record<string, string>>;
export interface RuleTest {
  readonly rule: Rule;
  readonly series: Series;
  readonly at: string;
  /** Shown by the rule's messages: `value` is `{{ $value }}`, the rest are labels. */
  readonly shown?: Readonly<Record<string, string>>;
  readonly fires: boolean;
}

export const RULES = path.resolve('ops/alerts.yaml');
export const rules: readonly Rule[] = (
  parse(readFileSync(RULES, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);
/** @throws Error when there is none */
export function ruleOf(alert: string): Rule {
  const rule = rules.find((each) => each.alert === alert);
  if (!rule) throw new Error(`no rule ${alert}`);
  return rule;
}

const DOCS = 'https://docs.example.com/holdfast';
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).status === 0;
export const NO_PROMTOOL =
  'no promtool here (Debian: package prometheus): the alert rules are not evaluated';

const filled = (text: string, shown: Readonly<Record<string, string>>): string =>
  text
    .replaceAll('{{ $externalLabels.holdfast_docs }}', DOCS)
    .replaceAll(/\{\{ \$(?:labels\.)?(\w+)[^}]*\}\}/g, (_, name: string) => shown[name] ?? '');

function unitTest({ rule, series, at, shown = {}, fires }: RuleTest): object {
  const { value: _, ...labels } = shown;
  const expected = {
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [name, filled(text, shown)]),
    ),
  };
  return {
    name: `${rule.alert} ${fires ? 'fires' : 'is silent'}`,
    interval: '30s',
    external_labels: { holdfast_docs: DOCS },
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [
      { eval_time: at, alertname: rule.alert, exp_alerts: fires ? [expected] : [] },
    ],
  };
}

/**
 * @returns promtool's exit code and what it said: `0 …SUCCESS` when each rule did what its test
 * says
 */
export function evaluated(tests: readonly RuleTest[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-alerts-'));
  try {
    const file = path.join(folder, 'test.yaml');
    writeFileSync(
      file,
      stringify({ rule_files: [RULES], evaluation_interval: '30s', tests: tests.map(unitTest) }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], {
      encoding: 'utf8',
    });
    return `${status} ${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
