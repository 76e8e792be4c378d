"""Plays a scenario file (tests/scenarios) through the package: the Python driver."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import doorstep
from doorstep import Language, OrderStatus, Phase, Phone, Refused, SignedPaper, SigningAs, SigningOutcome, VisitCommand
from office import REPOSITORY
from visit import Visit, intake, line, yuan

ERRORS = {"offline": doorstep.Offline, "sign_in_again": doorstep.SignInAgain, "bad_input": doorstep.BadInput}


class Stage:
    """The firm, its server and the line to it: a program that answers a line with a line."""

    def __init__(self):
        program = os.environ.get("DOORSTEP_STAGE", REPOSITORY / "target/debug/stage")
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
        )
        self._answer("ready")

    def ask(self, request):
        """Asks, and gives the answer."""
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        return self._answer(request)

    def _answer(self, request):
        answer = self._process.stdout.readline().rstrip("\n")
        if not answer or answer.startswith("failed: "):
            raise RuntimeError(f"{request}: {answer}")
        return answer

    def close(self):
        """Ends it."""
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class Driver:
    """One phone that plays a scenario."""

    def __init__(self, stage, folder):
        self.stage = stage
        self.phone = Phone(Path(folder, "visits.db"), app_version="scenario")
        self.visits, self.seals = {}, {}

    def play(self, scenario):
        """Does the steps in their order, and gives the exported state without what no two runs have in common."""
        for number, step in enumerate(scenario["steps"]):
            try:
                getattr(self, step["do"])(step)
            except Exception as why:
                raise AssertionError(f"step {number}, {step}: {why}") from why
        with tempfile.TemporaryDirectory() as folder:
            raw, normal = Path(folder, "raw"), Path(folder, "normal")
            raw.write_bytes(self.phone.exported_state())
            self.stage.ask(f"normal {raw} {normal}")
            return normal.read_bytes()

    def close(self):
        """Closes the phone."""
        self.phone.close()

    def enrol(self, step):
        self.phone.enrol(self.stage.ask(f"code {step['person']}"))

    def sync(self, step):
        failing(step, self.phone.sync)

    def send_photos(self, step):
        failing(step, lambda: self.phone.send_photos(is_wifi=True))

    def new_order(self, step):
        self.visits[step["order"]] = Visit(self.phone)

    def record(self, step):
        visit, command = self.visits[step["order"]], self.command(step["command"])
        refused = step.get("refused")
        if refused is None:
            visit.record(command)
            return
        try:
            visit.record(command)
        except Refused as no:
            said = {"reason": no.reason.name.lower(), "rule": no.rule}
            if no.needs is not None:
                said["needs"] = no.needs.name.lower()
            assert said == refused, f"{said} is not {refused}"
        else:
            raise AssertionError("it was not refused")

    def book(self, step):
        self.visits[step["order"]].book()

    def answer(self, step):
        self.visits[step["order"]].answer(Phase[step["phase"].upper()])

    def sign(self, step):
        kind = step["paper"]["is"]
        fields = {name: value for name, value in step["paper"].items() if name != "is"}
        paper = getattr(SignedPaper, kind.upper())(**fields)
        name, signer = {
            "resident": ("陳美玲", SigningAs.RESIDENT()),
            "technician": ("陳志強", SigningAs.TECHNICIAN()),
        }[step["by"]]
        self.seals[step["seal"]] = self.visits[step["order"]].sign(paper, name, signer)

    def line(self, step):
        self.stage.ask(f"line {step['state']}")

    def office(self, step):
        order, command = self.visits[step["order"]].order, json.dumps(step["command"], ensure_ascii=False)
        self.stage.ask(f"office {step['person']} {order} {command}")

    def expect(self, step):
        order = self.visits[step["order"]].order
        page = self.phone.order(order, Language.ZH_HANT)
        seen = {"status": page.status, "waiting": page.waiting}
        assert seen == {"status": OrderStatus[step["status"].upper()], "waiting": step["waiting"]}, seen
        if "has_conflict" in step:
            card = next(card for card in self.phone.orders() if card.order == order)
            assert card.has_conflict == step["has_conflict"], card

    def sleep_and_wake(self, _step):
        self.phone.close()
        self.phone.reopen()

    def command(self, given):
        """The command as the package has it."""
        fields = {name: value for name, value in given.items() if name != "is"}
        make = getattr(VisitCommand, given["is"].upper())
        seal = self.seals.get(fields.pop("seal", None))
        signed = None if seal is None else SigningOutcome.SIGNED(seal=seal)
        written = FIELDS.get(given["is"])
        if written:
            fields = written(fields, signed, self.seals)
        elif signed is not None:
            fields["outcome"] = signed
        return make(**fields)


def failing(step, call):
    """Makes a call that must give the error the step names, if it names one."""
    fails = step.get("fails")
    if fails is None:
        call()
        return
    try:
        call()
    except ERRORS[fails]:
        return
    raise AssertionError(f"it did not fail with {fails}")


def registered(fields, _signed, _seals):
    form = intake(fields["fault"])
    for name, value in fields.items():
        setattr(form, name, value)
    form.reporter = form.resident
    return {"intake": form}


def quoted(fields, _signed, _seals):
    lines = [line(name, minor) for name, minor in fields["lines"]]
    return {"offer": doorstep.QuoteOffer(lines=lines, discount=yuan(0), reason=fields["reason"])}


def signed_off(fields, signed, seals):
    return {**fields, "technician": seals[fields["technician"]], "resident": signed}


# Commands whose fields the file writes more shortly than the package.
FIELDS = {
    "register": registered,
    "present_quote": quoted,
    "sign_off": signed_off,
    "record_contact": lambda f, *_: {**f, "by": doorstep.ContactBy[f["by"].upper()]},
    "check_entitlement": lambda f, *_: {**f, "coverage": doorstep.Coverage[f["coverage"].upper()]},
    "diagnose": lambda f, *_: {**f, "liability": doorstep.Liability[f["liability"].upper()]},
    "use_part": lambda f, *_: {
        "code": f["code"],
        "name": f["name"],
        "quantity_thousandths": f["thousandths"],
        "drawn_with": f.get("drawn_with", ""),
        "replaced_serial": f.get("replaced_serial", ""),
    },
    "take_payment": lambda f, *_: {
        "amount": yuan(f["minor"]),
        "method": doorstep.PaymentMethod[f["method"].upper()],
        "receipt_no": f["receipt_no"],
    },
    "deliver_copy": lambda f, *_: {"by": doorstep.CopyBy[f["by"].upper()]},
    "edit_field": lambda f, *_: {**f, "field": doorstep.SharedField[f["field"].upper()]},
}
