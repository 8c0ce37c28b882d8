"""An OPC UA server by others (asyncua) for opcua.peer.test.ts.

Usage: opcua_server.py PORT CERTIFICATE_FOLDER
Offers None and Basic256Sha256 SignAndEncrypt, and admits anonymous clients or the user "operator".
Commands come as JSON lines on stdin: {"set": "Temperature", "value": 30.5} or {"set": "Produced", "value": 7, "status": "BadSensorFailure"}.
Prints one JSON line when it is ready.
"""

import asyncio
import json
import logging
import sys
from datetime import datetime, timezone
from pathlib import Path

from asyncua import Server, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.permission_rules import User, UserRole
from cryptography.x509.oid import ExtendedKeyUsageOID

APPLICATION_URI = "urn:plantbridge:asyncua-peer"
NAMESPACE = "urn:plantbridge:test-plc"
PASSWORD = "right-password"


class Users:
    def get_user(self, iserver, username=None, password=None, certificate=None):
        if username is None:
            return User(role=UserRole.User)
        if username == "operator" and password == PASSWORD:
            return User(role=UserRole.User, name=username)
        return None


async def main(port: int, folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = folder / "key.pem", folder / "certificate.der"
    await setup_self_signed_certificate(
        key,
        certificate,
        APPLICATION_URI,
        "localhost",
        [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH],
        {"commonName": "asyncua peer", "organizationName": "Test"},
    )
    server = Server(user_manager=Users())
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/peer/")
    await server.set_application_uri(APPLICATION_URI)
    await server.load_certificate(str(certificate))
    await server.load_private_key(str(key))
    server.set_security_policy(
        [ua.SecurityPolicyType.NoSecurity, ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt]
    )
    index = await server.register_namespace(NAMESPACE)
    plc = await server.nodes.objects.add_object(index, "PLC")
    types = {
        "State": (1, ua.VariantType.Int16),
        "Produced": (100, ua.VariantType.UInt32),
        "Temperature": (21.5, ua.VariantType.Double),
        "Pressure": (1.5, ua.VariantType.Float),
        "Total": (2**40 + 1, ua.VariantType.Int64),
        "Negative": (-5, ua.VariantType.Int64),
        "Text": ("Füller", ua.VariantType.String),
        "Door": (True, ua.VariantType.Boolean),
        "List": ([1.0, 2.0], ua.VariantType.Double),
    }
    nodes = {
        name: await plc.add_variable(ua.NodeId(name, index), name, ua.Variant(value, kind))
        for name, (value, kind) in types.items()
    }
    async with server:
        print(json.dumps({"ready": True}), flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            command = json.loads(line)
            name = command["set"]
            await nodes[name].write_value(
                ua.DataValue(
                    Value=ua.Variant(command["value"], types[name][1]),
                    StatusCode=ua.StatusCode(getattr(ua.StatusCodes, command.get("status", "Good"))),
                    SourceTimestamp=datetime.now(timezone.utc),
                )
            )


asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
