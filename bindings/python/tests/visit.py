"""The taps of a visit, as the tests make them."""

import datetime

from doorstep import (
    Channel,
    ContactBy,
    Coverage,
    CopyBy,
    IntakeForm,
    ItemAnswer,
    ItemKind,
    Language,
    Liability,
    Moment,
    MoneyAmount,
    PaymentMethod,
    PenPoint,
    Phase,
    PhotoMoment,
    PhotoNeed,
    PriceLine,
    QuoteOffer,
    Refused,
    SignedPaper,
    SigningAs,
    SigningOutcome,
    TimeWindow,
    Triage,
    VisitCommand,
)
from office import REPOSITORY

RESIDENT = "陳美玲"
ZONE = datetime.timezone(datetime.timedelta(hours=8))


class Visit:
    """One order on one phone."""

    def __init__(self, phone):
        self.phone = phone
        self.order = phone.new_order_id()

    def record(self, command):
        """Gives a command."""
        return self.phone.record(self.order, command)

    def register(self, fault="厨房漏水"):
        """The registration and the call."""
        self.record(VisitCommand.REGISTER(intake=intake(fault)))
        self.record(VisitCommand.RECORD_CONTACT(by=ContactBy.CALL, reached=True, note="已約定"))

    def book(self):
        """The next day at ten on which the firm works: R31 says no to the others."""
        for days in range(1, 15):
            day = datetime.date.today() + datetime.timedelta(days=days)
            start = datetime.datetime.combine(day, datetime.time(10), ZONE)
            try:
                return self.record(VisitCommand.BOOK(window=window(start, datetime.timedelta(hours=1))))
            except Refused as no:
                assert no.rule == 31, no
        raise AssertionError("no working day within two weeks")

    def answer(self, phase):
        """Answers a checklist, with its photos."""
        for item in self.phone.order(self.order, Language.ZH_HANT).checklist:
            if item.phase != phase:
                continue
            if item.needs_consent:
                self.record(VisitCommand.ANSWER_STEP(item=item.item, agreed=True, by=RESIDENT))
            if item.kind == ItemKind.TICK:
                answer = ItemAnswer.DONE()
            elif item.kind == ItemKind.YES_NO:
                is_yes_wrong = item.mismatch_on is not None and item.mismatch_on.is_yes()
                answer = ItemAnswer.NO() if is_yes_wrong else ItemAnswer.YES()
            else:
                answer = ItemAnswer.WORDS(text="正常")
            self.record(VisitCommand.ANSWER_ITEM(item=item.item, answer=answer, remark=""))
            if item.photo != PhotoNeed.NONE:
                for moment in PhotoMoment:
                    file = REPOSITORY / f"demo/photos/{moment.name.lower()}.jpg"
                    self.phone.take_photo(self.order, item.item, moment, file, Language.ZH_HANT)

    def sign(self, paper, name, signing_as):
        """A signature over a paper."""
        line = [PenPoint(x=at * 60, y=at % 7 * 90, t_ms=at * 11, pressure=130) for at in range(41)]
        return self.phone.sign(self.order, paper, Language.ZH_HANT, name, signing_as, [line])

    def resident_signs(self, paper):
        """The resident's."""
        return SigningOutcome.SIGNED(seal=self.sign(paper, RESIDENT, SigningAs.RESIDENT()))

    def play_until_quoted(self):
        """From the registration to the quote."""
        self.register()
        self.book()
        self.answer(Phase.PREPARATION)
        self.record(VisitCommand.SET_OUT())
        self.record(VisitCommand.ARRIVE())
        self.record(VisitCommand.CHECK_ENTITLEMENT(coverage=Coverage.EXPIRED, evidence="保修卡 2023-0417"))
        self.record(VisitCommand.ANSWER_START(agreed=True, by=RESIDENT))
        self.answer(Phase.BEFORE)
        diagnosis = {"cause": "角閥老化滲水", "liability": Liability.RESIDENT, "note": "使用年限已過，更換須收費"}
        self.record(VisitCommand.DIAGNOSE(**diagnosis))
        self.record(VisitCommand.ACKNOWLEDGE_LIABILITY(outcome=self.resident_signs(SignedPaper.LIABILITY())))
        lines = [line("更換角閥", 8000), line("上門人工", 5000)]
        offer = QuoteOffer(lines=lines, discount=yuan(0), reason="角閥老化，不在保修範圍")
        self.record(VisitCommand.PRESENT_QUOTE(offer=offer))

    def play_to_the_end(self):
        """From the consent to the signed sheet."""
        self.record(VisitCommand.REPORT_QUOTE())
        signed = self.resident_signs(SignedPaper.QUOTE(agreed=True))
        self.record(VisitCommand.ANSWER_QUOTE(agreed=True, outcome=signed))
        self.record(VisitCommand.START_WORK())
        part = {"code": "SG-15", "name": "角閥", "quantity_thousandths": 1000, "drawn_with": "", "replaced_serial": ""}
        self.record(VisitCommand.USE_PART(**part))
        finish = {"cause": "角閥老化", "method": "更換角閥與軟管", "advice": "一週內留意接口"}
        self.record(VisitCommand.FINISH_WORK(solved=True, **finish))
        self.answer(Phase.AFTER)
        fee = self.phone.order(self.order).fee
        payment = {"amount": fee, "method": PaymentMethod.WECHAT, "receipt_no": "SJ-0001"}
        self.record(VisitCommand.TAKE_PAYMENT(**payment))
        sheet = SignedPaper.SHEET(rating=5, opinion="師傅很細心")
        technician = self.sign(sheet, "陳志強", SigningAs.TECHNICIAN())
        resident = self.resident_signs(sheet)
        signed = {"technician": technician, "resident": resident, "rating": 5, "opinion": "師傅很細心"}
        self.record(VisitCommand.SIGN_OFF(**signed))
        self.record(VisitCommand.DELIVER_COPY(by=CopyBy.QR))
        return technician


def intake(fault):
    """A registration."""
    return IntakeForm(
        unit="3-1502",
        resident=RESIDENT,
        phone="142 0000 0100",
        company="",
        reporter=RESIDENT,
        fault=fault,
        symptom="角閥處滴水",
        work_type="plumbing",
        wished=None,
        channel=Channel.VISIT,
        triage=Triage.NEEDS_VISIT,
        tags=[],
        access="",
        remark="",
    )


def window(start, length):
    """A window as the library takes it."""
    return TimeWindow(start=moment(start), end=moment(start + length))


def moment(at):
    """A point in time as the library takes it."""
    return Moment(utc_ms=int(at.timestamp() * 1000), offset_min=int(at.utcoffset().total_seconds()) // 60)


def yuan(minor):
    """An amount in hundredths."""
    return MoneyAmount(minor=minor, currency="CNY")


def line(name, minor):
    """One of something, at a price."""
    return PriceLine(code="", name=name, quantity_thousandths=1000, unit_price=yuan(minor))
