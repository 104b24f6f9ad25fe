"""PURE. What the simulated customers say when a question is open, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH, CHINESE = "en", "zh-Hans"

BANK_NAME = {ENGLISH: "Example Bank", CHINESE: "示例银行"}
CUSTOMER_NAME = {ENGLISH: "Customer %05d", CHINESE: "客户%05d"}
STUDY_TITLE = {
    ENGLISH: "Example Bank: customers (synthetic data)",
    CHINESE: "示例银行客户（合成数据）",
}
WAVE_TITLE = {ENGLISH: "Wave %d (synthetic data)", CHINESE: "第%d波（合成数据）"}

Sayings = Mapping[str, tuple[str, ...]]

# What somebody complains of, by the part of the service that is worst for them.
COMPLAINTS: Mapping[str, Sayings] = {
    ENGLISH: {
        "staff": (
            "The people at the counter explain nothing unless you insist.",
            "I was sent from one desk to the next and nobody felt responsible.",
            "The adviser was in a hurry and did not listen.",
        ),
        "waiting": (
            "The queue at the branch is far too long, above all at noon.",
            "Half an hour of waiting for something that takes two minutes.",
            "Only two counters open and twenty people waiting.",
            "Too many forms, and the same details again on each of them.",
        ),
        "branches": (
            "The branch near me closes before I leave work.",
            "The cash machine is out of order every other week.",
            "There is no branch on my side of town any more.",
        ),
        "remote": (
            "The app logs me out in the middle of a transfer.",
            "On the phone I go through five menus before a person answers.",
            "After each update I have to look for everything again.",
        ),
        "fees": (
            "Fees appear on the statement that nobody told me about.",
            "Too dear for what they do.",
            "Other banks charge nothing for the same transfer.",
        ),
    },
    CHINESE: {
        "staff": (
            "柜台的人不主动解释，问一句才答一句。",
            "让我跑了好几个窗口，没有人负责到底。",
            "客户经理很着急，没听我把话说完。",
        ),
        "waiting": (
            "网点排队太久，中午尤其严重。",
            "两分钟能办完的事，等了半个小时。",
            "二十多个人在等，只开了两个窗口。",
            "要填的单子太多，同样的内容填好几遍。",
        ),
        "branches": (
            "我下班的时候，附近的网点早就关门了。",
            "自动柜员机隔三差五出故障。",
            "我们这一片已经没有网点了。",
        ),
        "remote": (
            "转账转到一半，手机银行自己退出了。",
            "打客服电话要按好几层菜单才能找到人工。",
            "每次更新以后，功能都要重新找。",
        ),
        "fees": (
            "账单上有些费用，事先没人告诉我。",
            "收费和服务不相称。",
            "同样的转账，别的银行不收费。",
        ),
    },
}

# What somebody praises, by the part of the service that is best for them.
PRAISE: Mapping[str, Sayings] = {
    ENGLISH: {
        "staff": ("Friendly people who know what they are talking about.",),
        "waiting": ("Things are done quickly, I never wait long.",),
        "branches": ("There is a branch round the corner and its machines work.",),
        "remote": ("I do everything on my phone and it simply works.",),
        "fees": ("Fair fees, and I know beforehand what I pay.",),
    },
    CHINESE: {
        "staff": ("工作人员态度好，业务也熟。",),
        "waiting": ("办事快，不用等很久。",),
        "branches": ("网点就在家门口，自助设备也好用。",),
        "remote": ("什么都能在手机上办，很方便。",),
        "fees": ("收费合理，事先都讲清楚。",),
    },
}

NEUTRAL: Sayings = {
    ENGLISH: ("It is all right, a bank like others.", "I have no strong feelings about it."),
    CHINESE: ("还可以，和别的银行差不多。", "没有特别的感觉。"),
}

OTHER_WISHES: Sayings = {
    ENGLISH: (
        "More parking places at the branch.",
        "A real person in the chat.",
        "Statements that older people can read.",
    ),
    CHINESE: ("网点门口多设几个停车位。", "在线客服希望是真人。", "对账单的字希望印大一些。"),
}

# What interviewers note for whoever calls next, by outcome.
NOTES: Mapping[str, Sayings] = {
    ENGLISH: {
        "appointment": ("Asked for this time because of work.", "On the road now, was friendly."),
        "callback": ("Busy, no time named.",),
        "soft_refusal": ("No time today, did not sound angry.", "Wants to know who pays for this."),
        "not_available": ("The family says: back in the evening.",),
    },
    CHINESE: {
        "appointment": ("要上班，约了这个时间。", "正在路上，态度很好。"),
        "callback": ("正忙，没说什么时候方便。",),
        "soft_refusal": ("今天没空，语气还可以。", "想知道是谁委托的调查。"),
        "not_available": ("家里人说晚上才回来。",),
    },
}
