"""Every line of every capture's NDJSON against docs/schema.json, by python3-jsonschema.

Names that the schema does not have are refused here, though a reader need not: the schema is to be complete.
Usage: schema.py SOCKLENS SCHEMA CAPTURE...    Prints one line and ends with 1 when anything differs.
"""
import json
import subprocess
import sys

import jsonschema


def no_twins(pairs):
    keys = [k for k, _ in pairs]
    assert len(keys) == len(set(keys)), f"twice: {[k for k in keys if keys.count(k) > 1]}"
    return dict(pairs)


def close(schema):
    """No other names than these, at any depth."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
        for v in schema.values():
            close(v)


def main():
    socklens, path, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as f:
        schema = json.load(f, object_pairs_hook=no_twins)
    jsonschema.Draft202012Validator.check_schema(schema)
    close(schema)
    validators = {k: jsonschema.Draft202012Validator(v) for k, v in schema["$defs"].items()}
    lines, seen, wrong = 0, set(), []
    for capture in captures:
        out = subprocess.run([socklens, "report", "-n", "-r", capture, "--format", "ndjson"], capture_output=True,
                             check=False).stdout.decode()
        for line in out.split("\n"):
            if not line:
                continue
            lines += 1
            record = json.loads(line, object_pairs_hook=no_twins)
            seen.add(record["type"])
            for e in validators[record["type"]].iter_errors(record):
                wrong.append(f"{capture}: {e.json_path}: {e.message[:200]}")
    print(f"{lines} lines of {len(captures)} captures are as docs/schema.json says")
    print("\n".join(wrong[:20]))
    return bool(wrong) or not {"flow", "summary"} <= seen


sys.exit(main())
