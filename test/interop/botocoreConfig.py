# Reads configuration files as botocore does: a JSON line {"base64": …} in, a JSON line out.
import base64, json, os, sys, tempfile
from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError

def plain(values):
    return {key: value if isinstance(value, str) else {"nested": value} for key, value in values.items()}

folder = tempfile.mkdtemp()
path = os.path.join(folder, "config")
for line in sys.stdin:
    with open(path, "wb") as file:
        file.write(base64.b64decode(json.loads(line)["base64"]))
    try:
        loaded = load_config(path)
        answer = {
            "profiles": {name: plain(values) for name, values in loaded["profiles"].items()},
            "ssoSessions": {name: plain(values) for name, values in loaded.get("sso_sessions", {}).items()},
        }
    except ConfigParseError as error:
        answer = {"refused": str(error)}
    print(json.dumps(answer), flush=True)
