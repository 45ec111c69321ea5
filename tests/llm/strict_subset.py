"""The rules of the strict subset, as OpenAI's guide to structured outputs states them (2026):
written from the guide and not from what makes such schemas."""

TYPES = {"string", "number", "boolean", "integer", "object", "array", "null"}
WORDS = {
    *("type", "enum", "const", "anyOf", "$ref", "$defs", "description", "title"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("pattern", "format", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


def check(schema):
    """Assert that a schema is one of the strict subset."""
    assert schema["type"] == "object"
    assert "anyOf" not in schema
    found = Found(schema.get("$defs", {}))
    found.check(schema, top=True)
    for definition in found.defs.values():
        found.check(definition)
    assert found.properties <= 5000
    assert found.values <= 1000
    assert found.characters + sum(map(len, found.defs)) <= 120_000
    assert found.depth(schema, ()) <= 10


class Found:
    def __init__(self, defs):
        self.defs, self.properties, self.values, self.characters = defs, 0, 0, 0

    def check(self, node, top=False):
        assert node.keys() <= (WORDS if top else WORDS - {"$defs"}), node.keys()
        if "$ref" in node:
            assert node.keys() == {"$ref"}
            assert node["$ref"].removeprefix("#/$defs/") in self.defs
            return
        if "anyOf" in node:
            assert node["anyOf"]
            assert node.keys() <= {"anyOf", "description"}
            for branch in node["anyOf"]:
                self.check(branch)
            return
        types = node["type"] if isinstance(node["type"], list) else [node["type"]]
        assert types
        assert set(types) <= TYPES
        assert ("object" in types) == ("properties" in node)
        assert ("array" in types) == ("items" in node)
        assert node.get("format", "date") in FORMATS
        self.check_values(node)
        if "object" in types:
            self.check_object(node)
        if "array" in types:
            self.check(node["items"])

    def check_values(self, node):
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            assert type(node.get(bound, 0)) in (int, float)
        if "enum" in node:
            assert node["enum"]
            self.values += len(node["enum"])
            texts = [value for value in node["enum"] if isinstance(value, str)]
            self.characters += sum(map(len, texts))
            assert len(texts) <= 250 or sum(map(len, texts)) <= 15_000

    def check_object(self, node):
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
        self.properties += len(node["properties"])
        self.characters += sum(map(len, node["properties"]))
        for inner in node["properties"].values():
            self.check(inner)

    def depth(self, node, entered):
        """Objects within each other, each definition once on a path."""
        if "$ref" in node:
            name = node["$ref"].removeprefix("#/$defs/")
            return 0 if name in entered else self.depth(self.defs[name], (*entered, name))
        below = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
        below += [node["items"]] if "items" in node else []
        deepest = max((self.depth(inner, entered) for inner in below), default=0)
        return deepest + ("properties" in node)
