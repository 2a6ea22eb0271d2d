"""The words of the linked-data pages, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.terms import OWL, RDF, RDFS, SKOS

__all__ = ["term_words", "words"]

_WORDS: Final = {
    "also": ("Also called", "又名"),
    "data": ("As data", "数据格式"),
    "definition": ("Definition", "定义"),
    "domain": ("Subject", "主体"),
    "download": ("Download", "下载"),
    "downloads": ("Downloads", "下载"),
    "endpoint": ("SPARQL endpoint", "SPARQL 端点"),
    "facts": ("What is known", "已知事实"),
    "graph": ("Neighbourhood as a graph", "关联图"),
    "incoming": ("What refers to it", "被引用"),
    "ask": ("What can be asked about it", "可就此提问"),
    "property": ("Property", "属性"),
    "kind": ("Kind", "类型"),
    "language": ("中文", "English"),
    "missing": ("Not in this release", "本版本中没有"),
    "missing_text": ("Nothing in this release has this name:", "本版本中没有以此为名的内容："),
    "near": ("Did you mean", "您是否要找"),
    "next": ("More", "更多"),
    "none": ("Nothing is stated of it.", "没有关于它的陈述。"),
    "previous": ("Back", "返回"),
    "questions": ("Questions", "问题"),
    "range": ("Value", "取值"),
    "release": ("Release", "版本"),
    "source": ("Source, date", "来源与日期"),
    "sources": ("Sources", "来源"),
    "start": ("Industrial chain knowledge graph", "产业链知识图谱"),
    "terms": ("Terms of the ontology", "本体术语"),
    "value": ("Value", "值"),
    "wider": ("Kind of", "上位"),
}
_DCT: Final = "http://purl.org/dc/terms/"
_PROV: Final = "http://www.w3.org/ns/prov#"
#: Terms of other vocabularies, which no release labels.
_TERMS: Final = {
    RDF + "type": ("kind", "类型"),
    RDFS + "label": ("name", "名称"),
    RDFS + "comment": ("remark", "说明"),
    RDFS + "subClassOf": ("kind of", "上位类"),
    RDFS + "subPropertyOf": ("narrower than", "上位属性"),
    RDFS + "domain": ("subject", "主体类"),
    RDFS + "range": ("value", "取值类"),
    RDFS + "isDefinedBy": ("defined by", "定义于"),
    SKOS + "prefLabel": ("name", "名称"),
    SKOS + "altLabel": ("also called", "又名"),
    SKOS + "notation": ("code", "代码"),
    SKOS + "definition": ("definition", "定义"),
    SKOS + "scopeNote": ("note on scope", "范围说明"),
    SKOS + "example": ("example", "示例"),
    SKOS + "broader": ("wider", "上位概念"),
    SKOS + "related": ("related", "相关"),
    SKOS + "exactMatch": ("same as", "等同于"),
    SKOS + "inScheme": ("in the list", "所属代码表"),
    SKOS + "topConceptOf": ("top of the list", "顶层概念，属于"),
    SKOS + "Concept": ("concept", "概念"),
    SKOS + "ConceptScheme": ("list of concepts", "代码表"),
    OWL + "inverseOf": ("inverse of", "逆属性"),
    OWL + "disjointWith": ("never also", "互斥于"),
    OWL + "Class": ("class", "类"),
    OWL + "ObjectProperty": ("property between things", "对象属性"),
    OWL + "DatatypeProperty": ("property with a value", "数据属性"),
    OWL + "NamedIndividual": ("individual", "个体"),
    _DCT + "title": ("title", "标题"),
    _DCT + "description": ("description", "描述"),
    _DCT + "source": ("source", "来源"),
    _DCT + "bibliographicCitation": ("citation", "引文"),
    _DCT + "isPartOf": ("part of", "属于"),
    _DCT + "issued": ("issued", "发布日期"),
    _DCT + "created": ("created", "创建日期"),
    _DCT + "identifier": ("identifier", "标识"),
    _DCT + "license": ("licence", "许可"),
    _DCT + "publisher": ("publisher", "发布者"),
    _PROV + "wasGeneratedBy": ("made by", "生成于"),
    _PROV + "wasDerivedFrom": ("derived from", "源自"),
    _PROV + "used": ("used", "使用"),
    _PROV + "value": ("wording", "原文"),
    _PROV + "Activity": ("activity", "活动"),
    _PROV + "Entity": ("entity", "实体"),
    "http://xmlns.com/foaf/0.1/homepage": ("home page", "主页"),
}


def term_words(lang: str) -> Mapping[str, str]:
    """What terms of other vocabularies are called in one language, by IRI.

    Args:
        lang: `zh` or `en`.
    """
    index = 1 if lang == "zh" else 0
    return {iri: pair[index] for iri, pair in _TERMS.items()}


def words(lang: str) -> Mapping[str, str]:
    """Every word in one language.

    Args:
        lang: `zh` or `en`.
    """
    index = 1 if lang == "zh" else 0
    return {name: pair[index] for name, pair in _WORDS.items()}
