"""Schemas of every kind in plain form: objects of named properties, arrays and leaves.

A map becomes a table of its entries, a tuple an object, an array of arrays a table of `[]`. The
plain schema says under `from` how its values are read, and `plainly` reads them. Combined keywords
(`$ref`, `allOf`, `if`) are not known here.
"""

SCALARS = ("string", "integer", "number", "boolean")


def plain(schema):
    """The same schema in plain form; leaves are of a scalar `type`, a `union` or `json`."""
    schema = {} if schema is True else schema
    branches = [one for one in _branches(schema) if one.get("type") != "null"]
    node = _plain_of_one(branches[0]) if len(branches) == 1 else _united(branches)
    compare = {**node.get("x-compare", {}), **schema.get("x-compare", {})}
    return {**node, "x-compare": compare} if compare else node


def _branches(schema):
    """A schema for each type that is allowed."""
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [below for one in schema[word] for below in _branches(one)]
    types = schema.get("type")
    if isinstance(types, list):
        return [{**schema, "type": one} for one in types]
    return [schema]


def _united(branches):
    """Several scalar types, several objects, or one thing or an array of it; else opaque."""
    nodes = [_plain_of_one(one) for one in branches]
    types = [node["type"] for node in nodes]
    if set(types) == {"integer", "number"}:
        return nodes[types.index("number")]
    if set(types) <= set(SCALARS):
        return {"type": "union", "of": nodes}
    if set(types) == {"object"} and not any("from" in node for node in nodes):
        both = {name: one for node in nodes for name, one in node["properties"].items()}
        return {"type": "object", "properties": both}
    arrays = [node for node in nodes if node["type"] == "array" and "from" not in node]
    singles = [node for node in nodes if node["type"] != "array"]
    if len(arrays) == len(singles) == 1 and arrays[0]["items"] == singles[0]:
        return {**arrays[0], "from": "one or many"}
    return {"type": "json"}


def _plain_of_one(schema):
    kind = schema.get("type")
    if kind == "object":
        return _plain_object(schema)
    if kind == "array":
        return _plain_array(schema)
    if kind in (*SCALARS, "union"):
        return schema
    return {**schema, "type": "json"}


def _plain_object(schema):
    named = {name: plain(one) for name, one in schema.get("properties", {}).items()}
    values = [schema["additionalProperties"]] if schema.get("additionalProperties") else []
    values += schema.get("patternProperties", {}).values()
    if not named and not values:
        values = [{}]
    if not values:
        return {**schema, "properties": named}
    (value,) = values
    entries = {"type": "array", "from": "map", "items": _entry(plain(value))}
    if not named:
        return {**entries, "x-compare": schema["x-compare"]} if "x-compare" in schema else entries
    properties = {**named, "<entries>": entries}
    return {"type": "object", "from": "map and names", "properties": properties}


def _entry(value):
    """An entry of a map: its key, and its value or the fields of that."""
    key = {"type": "string", "x-compare": {"key": True, "by": "exact"}}
    is_record = value["type"] == "object" and "from" not in value
    fields = value["properties"] if is_record else {"<value>": value}
    return {"type": "object", "properties": {"<key>": key, **fields}}


def _plain_array(schema):
    if "prefixItems" in schema:
        places = {str(n): plain(one) for n, one in enumerate(schema["prefixItems"])}
        if schema.get("items"):
            places["<rest>"] = {"type": "array", "items": plain(schema["items"])}
        return {"type": "object", "from": "tuple", "properties": places}
    if "items" not in schema:
        return {**schema, "type": "json"}
    items = plain(schema["items"])
    if items["type"] != "array":
        return {**schema, "items": items}
    inner = {"type": "object", "properties": {"[]": items}}
    return {**schema, "from": "arrays", "items": inner}


def plainly(node, value):
    """A value in the form of its plain schema. Of the wrong shape, it stays as it is."""
    value = _READ.get(node.get("from"), lambda node, value: value)(node, value)
    if node["type"] == "object" and isinstance(value, dict):
        properties = node["properties"]
        return {n: plainly(properties[n], one) for n, one in value.items() if n in properties}
    if node["type"] == "array" and isinstance(value, list):
        return [plainly(node["items"], one) for one in value]
    return value


def _one_or_many(node, value):
    return value if value is None or isinstance(value, list) else [value]


def _entries(node, value):
    if not isinstance(value, dict):
        return None
    if "<value>" in node["items"]["properties"]:
        return [{"<key>": key, "<value>": one} for key, one in value.items()]
    return [{"<key>": key, **(one if isinstance(one, dict) else {})} for key, one in value.items()]


def _names_and_entries(node, value):
    if not isinstance(value, dict):
        return None
    named = {name: one for name, one in value.items() if name in node["properties"]}
    return {**named, "<entries>": {n: one for n, one in value.items() if n not in named}}


def _by_place(node, value):
    if not isinstance(value, list):
        return None
    size = sum(name.isdigit() for name in node["properties"])
    return {**{str(n): one for n, one in enumerate(value[:size])}, "<rest>": value[size:]}


def _inner_arrays(node, value):
    """Each list is a record; what is no list, or no map where these are in it, is none."""
    shape = dict if node["items"]["properties"]["[]"].get("from") == "map" else list
    if not isinstance(value, list):
        return None
    return [{"[]": one} if isinstance(one, shape) else None for one in value]


_READ = {
    "one or many": _one_or_many,
    "map": _entries,
    "map and names": _names_and_entries,
    "tuple": _by_place,
    "arrays": _inner_arrays,
}


def as_in_json(node, value):
    """The other way round: a value in plain form as JSON has it, of its shape but for null."""
    if node["type"] == "object" and isinstance(value, dict):
        return {name: as_in_json(node["properties"][name], one) for name, one in value.items()}
    if node["type"] != "array" or value is None:
        return value
    elements = [as_in_json(node["items"], one) for one in value]
    if node.get("from") == "arrays":
        return [(one or {}).get("[]") for one in elements]
    return _map_of(node, elements) if node.get("from") == "map" else elements


def _map_of(node, entries):
    found = {}
    for entry in entries:
        fields = dict(entry or {})
        if (key := fields.pop("<key>", None)) is not None:
            holds_value = "<value>" in node["items"]["properties"]
            found[key] = fields.get("<value>") if holds_value else fields
    return found
