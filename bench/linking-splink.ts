/**
 * The peer: Splink 4 from PyPI in the configuration that its own tutorial documents for this data set ("Deduplicate
 * 50k synthetic"), in a throw-away environment. Writes its scored pairs and clusters as Parquet files.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const historicalScript = `
import sys, time, resource, json
import duckdb
from splink import Linker, DuckDBAPI, SettingsCreator, block_on
import splink.comparison_library as cl
source, folder = sys.argv[1], sys.argv[2]
df = duckdb.sql(f"select *, first_name || ' ' || surname as first_name_surname_concat from '{source}'").df()
start = time.time()
rules = [
  block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"), block_on("first_name", "dob"),
  block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
  block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(postcode_fake,1,3)", "first_name"),
  block_on("substr(postcode_fake,1,3)", "surname"),
  block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
]
settings = SettingsCreator(link_type="dedupe_only", blocking_rules_to_generate_predictions=rules, comparisons=[
  cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"),
  cl.DateOfBirthComparison("dob", input_is_string=True),
  cl.PostcodeComparison("postcode_fake"),
  cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
  cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
])
linker = Linker(df, settings, db_api=DuckDBAPI())
linker.training.estimate_probability_two_random_records_match([
  "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
  "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
  "l.dob = r.dob and l.postcode_fake = r.postcode_fake"], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
pairs = linker.inference.predict()
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
seconds = time.time() - start
p = pairs.as_duckdbpyrelation(); c = clusters.as_duckdbpyrelation()
p.select("unique_id_l, unique_id_r, match_weight").write_parquet(folder + "/pairs.parquet")
c.select("cluster_id, unique_id").write_parquet(folder + "/clusters.parquet")
print(json.dumps({"seconds": seconds, "processorSeconds": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
  "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

export interface PeerRun {
  readonly seconds: number;
  /** User and system time. */
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  /** Folder with pairs.parquet (unique_id_l, unique_id_r, match_weight) and clusters.parquet (cluster_id, unique_id). */
  readonly folder: string;
}

/** Installs Splink below `folder` where it is not there yet, and returns the Python that has it. */
export function installSplink(folder: string): string {
  const python = path.join(folder, 'venv', 'bin', 'python');
  if (!fs.existsSync(python)) {
    run('python3', ['-m', 'venv', path.join(folder, 'venv')]);
    run(python, ['-m', 'pip', 'install', '-q', 'splink==4.0.17']);
  }
  return python;
}

export function runPeer(folder: string, source: string, script: string = historicalScript): PeerRun {
  fs.mkdirSync(folder, { recursive: true });
  const out = run(installSplink(folder), ['-c', script, source, folder]);
  return { ...(JSON.parse(out.trim().split('\n').at(-1)!) as PeerRun), folder };
}

function run(command: string, args: string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`${command} failed: ${result.stderr.slice(-2000)}`);
  return result.stdout;
}
