# Reads a configuration file, and a credentials file where there is one, as botocore does: a JSON line
# {"config": base64, "credentials": base64 or null} in, a JSON line out.
import base64, json, os, sys, tempfile
from botocore.session import Session
from botocore.exceptions import ConfigParseError

def plain(values):
    return {key: value if isinstance(value, str) else {"nested": value} for key, value in values.items()}

folder = tempfile.mkdtemp()
os.environ["AWS_CONFIG_FILE"] = os.path.join(folder, "config")
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(folder, "credentials")
for line in sys.stdin:
    for name, content in json.loads(line).items():
        path = os.path.join(folder, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(base64.b64decode(content))
        elif os.path.exists(path):
            os.remove(path)
    try:
        loaded = Session().full_config
        answer = {
            "profiles": {name: plain(values) for name, values in loaded["profiles"].items()},
            "ssoSessions": {name: plain(values) for name, values in loaded.get("sso_sessions", {}).items()},
        }
    except ConfigParseError as error:
        answer = {"refused": str(error)}
    print(json.dumps(answer), flush=True)
