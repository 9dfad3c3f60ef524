"""The verbs of the trail in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from performance.workflow import VERB_LABELS

WORDS: Mapping[str, str] = MappingProxyType(
    {
        **VERB_LABELS,
        # papers
        "create_project": "新建项目",
        "create_target_table": "新建绩效目标表",
        "start_evaluation": "开始自评",
        "start_monitoring": "开始监控",
        "start_adjustment": "申请目标调整",
        "save_target_table": "保存绩效目标表",
        "save_evaluation": "保存自评表",
        "save_monitoring": "保存监控表",
        "add_evidence": "上传佐证",
        "remove_evidence": "撤下佐证",
        "import_document": "导入文件",
        "receive_upload": "上传文件",
        "take_over_upload": "接收为草稿",
        # the bureau
        "issue_task": "下达任务",
        "close_task": "结束任务",
        "remind_units": "提醒单位",
        "conclude_targets": "目标审核结论",
        "open_review": "开始复核",
        "adjust": "另定得分",
        "adopt": "采用按规则得分",
        "say_opinion": "复核意见",
        "send_feedback": "征求意见",
        "answer_feedback": "答复意见",
        "decide_objection": "决定申诉",
        "raise_item": "提出整改",
        "answer_item": "答复整改",
        "close_item": "整改销号",
        "return_item": "退回整改",
        "draw_spot_check": "抽取样本",
        "record_outcome": "登记抽查结果",
        "score_evaluation": "按规则评分",
        "refresh_risks": "重算风险",
        "gather_indicators": "归集指标库",
        # lists to take away
        "request_export": "登记导出",
        "make_export": "生成导出文件",
        "export_projects": "导出项目",
        # accounts and places
        "create_account": "新建账号",
        "disable_account": "停用账号",
        "enable_account": "启用账号",
        "grant_role": "授权",
        "revoke_role": "收回角色",
        "reset_second_factor": "重置两步验证",
        "set_initial_password": "重置密码",
        "unlock_account": "解锁账号",
        "change_password": "修改密码",
        "enable_second_factor": "启用两步验证",
        "sign_in": "登录",
        "sign_out": "退出",
        "make_token": "新建令牌",
        "revoke_token": "收回令牌",
        "create_region": "新增地区",
        "create_office": "新增业务股室",
        "create_department": "新增主管部门",
        "change_department": "修改主管部门",
        "create_unit": "新增单位",
        "rename_unit": "单位更名",
        # the service itself
        "make_checkpoint": "留痕检查点",
        "request_verification": "登记校验",
        "verify_trail": "校验留痕",
        "drop_job": "放弃后台任务",
        "retry_job": "重办后台任务",
        "direct_write": "未经业务动作的写入",
    }
)
"""Verb → words; a verb that is not here stands by its own name."""
OBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "target_table": "绩效目标表",
        "evaluation": "绩效自评表",
        "monitoring": "运行监控表",
        "project": "项目",
        "task": "任务",
        "document": "文件",
        "upload": "上传的文件",
        "account": "账号",
        "export": "导出",
        "token": "令牌",
        "job": "后台任务",
        "spot_check": "抽查",
        "rectification_item": "整改事项",
        "region": "地区",
        "office": "业务股室",
        "department": "主管部门",
        "unit": "预算单位",
        "trail": "留痕",
    }
)
"""Kinds of things that events are about, in words."""
