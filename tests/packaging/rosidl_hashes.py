"""Prints "name hash" for every message of an installed interface package. rosidl's parser reads the fields; the hash
follows REP-2016 (RIHS01) and is computed here, because Debian's rosidl is older than that REP.

    /usr/bin/python3 rosidl_hashes.py PREFIX PACKAGE
"""

import hashlib
import json
import sys
from pathlib import Path

from rosidl_parser.definition import (AbstractString, Action, Array, BasicType, BoundedSequence, IdlLocator, Message,
                                      NamespacedType, Service, UnboundedSequence)
from rosidl_parser.parser import parse_idl_file

# type_description_interfaces/msg/FieldType
BASIC = {"int8": 2, "uint8": 3, "int16": 4, "uint16": 5, "int32": 6, "uint32": 7, "int64": 8, "uint64": 9, "float": 10,
         "double": 11, "boolean": 15, "octet": 16}
STRING, BOUNDED_STRING, NESTED = 17, 21, 1
ARRAY, BOUNDED_SEQUENCE, SEQUENCE = 48, 96, 144


def messages_of(idl):
    yield from idl.content.get_elements_of_type(Message)
    for service in idl.content.get_elements_of_type(Service):
        yield from (service.request_message, service.response_message)
    for action in idl.content.get_elements_of_type(Action):
        yield from (action.goal, action.result, action.feedback, action.feedback_message)
        for service in (action.send_goal_service, action.get_result_service):
            yield from (service.request_message, service.response_message)


def read_package(prefix, package):
    """The members of each message by name, including the messages of actions and services."""
    share = prefix / "share" / package
    found = {}
    for path in sorted(share.glob("*/*.idl")):
        idl = parse_idl_file(IdlLocator(share, path.relative_to(share)))
        for message in messages_of(idl):
            found["/".join(message.structure.namespaced_type.namespaced_name())] = message.structure.members
    return found


def describe_type(field_type):
    container, capacity = 0, 0
    if isinstance(field_type, Array):
        container, capacity, field_type = ARRAY, field_type.size, field_type.value_type
    elif isinstance(field_type, BoundedSequence):
        container, capacity, field_type = BOUNDED_SEQUENCE, field_type.maximum_size, field_type.value_type
    elif isinstance(field_type, UnboundedSequence):
        container, field_type = SEQUENCE, field_type.value_type
    nested, characters = "", 0
    if isinstance(field_type, BasicType):
        number = BASIC[field_type.typename]
    elif isinstance(field_type, AbstractString):
        characters = field_type.maximum_size if field_type.has_maximum_size() else 0
        number = BOUNDED_STRING if characters else STRING
    else:
        assert isinstance(field_type, NamespacedType), field_type
        number, nested = NESTED, "/".join(field_type.namespaced_name())
    return {"type_id": number + container, "capacity": capacity, "string_capacity": characters,
            "nested_type_name": nested}


def describe(name, messages):
    return {"type_name": name,
            "fields": [{"name": member.name, "type": describe_type(member.type)} for member in messages[name]]}


def referenced(name, messages, found):
    for field in describe(name, messages)["fields"]:
        other = field["type"]["nested_type_name"]
        if other and other not in found:
            found.add(other)
            referenced(other, messages, found)
    return found


def type_hash(name, messages):
    whole = {"type_description": describe(name, messages),
             "referenced_type_descriptions": [describe(other, messages)
                                              for other in sorted(referenced(name, messages, set()))]}
    return "RIHS01_" + hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def main():
    prefix, package = Path(sys.argv[1]), sys.argv[2]
    messages = {}
    for manifest in sorted(prefix.glob("share/*/package.xml")):
        messages.update(read_package(prefix, manifest.parent.name))
    for name in sorted(messages):
        if name.startswith(package + "/"):
            print(name, type_hash(name, messages))


if __name__ == "__main__":
    main()
