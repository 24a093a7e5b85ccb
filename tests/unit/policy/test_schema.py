import json
import re
from dataclasses import fields, replace

import cedarpy
import pytest

from govagents.domain.facts import ContextFacts, RoleFacts, SubjectFacts
from govagents.domain.identity import Kind
from govagents.policy.ordinary import ORDINARY, sheet_of
from govagents.policy.schema import ATTRIBUTES, schema_text, slice_of

_BLOCK = {
    SubjectFacts: r"entity Person, Agent, Service = \{(.*?)\n\};",
    RoleFacts: r"entity Role = \{(.*?)\n\};",
    ContextFacts: r"context: \{(.*?)\n  \}",
}


@pytest.mark.parametrize("facts", list(_BLOCK))
def test_schema_has_exactly_the_facts_when_built(facts: type) -> None:
    found = re.search(_BLOCK[facts], schema_text(), re.S)

    assert found is not None
    names = re.findall(r'"(\w+)"(\??):', found[1])

    assert [name for name, _ in names] == [field.name for field in fields(facts)]
    assert not any(optional for _, optional in names)


def test_schema_is_cedars_when_parsed() -> None:
    assert cedarpy.Schema.from_str(schema_text()) is not None
    assert ATTRIBUTES["context"] == {field.name for field in fields(ContextFacts)}


@pytest.mark.parametrize("kind", list(Kind))
def test_slice_holds_two_whole_entities_when_made(kind: Kind) -> None:
    sheet = sheet_of(replace(ORDINARY, principal=replace(ORDINARY.principal, kind=kind)))

    found = slice_of(sheet.subject, sheet.roles[0])

    entities = json.loads(found.entities)
    assert [item["uid"]["type"] for item in entities] == [found.principal["type"], "Role"]
    assert not any(item["parents"] for item in entities)
    assert len(cedarpy.Entities.from_json_str(found.entities)) == 2
    assert cedarpy.Entities.from_json_str(found.entities, cedarpy.Schema.from_str(schema_text()))
